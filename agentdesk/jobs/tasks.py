"""Tasks of the platform itself: each queue shows that somebody works on it."""

from agentdesk.jobs.declare import OUTBOUND, job
from agentdesk.jobs.heartbeat import EVERY_SECONDS, note_alive


@job(every=EVERY_SECONDS)
def worker_lives() -> None:
    note_alive("worker")


@job(queue=OUTBOUND, every=EVERY_SECONDS)
def sender_lives() -> None:
    note_alive("sender")
