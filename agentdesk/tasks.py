"""Tasks of the platform itself: each queue shows that somebody works on it."""

from celery import shared_task

from agentdesk.heartbeat import note_alive


@shared_task
def worker_lives() -> None:
    note_alive("worker")


@shared_task
def sender_lives() -> None:
    note_alive("sender")
