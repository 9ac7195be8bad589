"""The Celery application: worker and beat. The periodic sweeps are listed here."""

import os

from celery import Celery
from celery.signals import task_prerun, worker_ready

from agentdesk.heartbeat import EVERY_SECONDS
from agentdesk.jobs import stop_waiting
from agentdesk.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")

app = Celery("agentdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
worker_ready.connect(lambda **_told: settle(), weak=False)
app.conf.beat_scheduler = "agentdesk.beat:SweepScheduler"
task_prerun.connect(lambda task, args, **_more: stop_waiting(task, args), weak=False)
app.conf.beat_schedule = {
    "the worker is at work": {
        "task": "agentdesk.tasks.worker_lives",
        "schedule": EVERY_SECONDS,
    },
    "the sender is at work": {
        "task": "agentdesk.tasks.sender_lives",
        "schedule": EVERY_SECONDS,
    },
    "provider events left behind": {
        "task": "conversations.tasks.sweep_events",
        "schedule": 5.0,
    },
    "events of inboxes that were opened": {
        "task": "conversations.tasks.sweep_held",
        "schedule": 30.0,
    },
    "inboxes by the hour": {
        "task": "conversations.tasks.watch_inboxes",
        "schedule": 60.0,
    },
    "replies left behind": {
        "task": "conversations.tasks.sweep_deliveries",
        "schedule": 2.0,
    },
    "files to fetch": {
        "task": "conversations.tasks.sweep_files",
        "schedule": 5.0,
    },
    "previews to draw": {
        "task": "conversations.tasks.sweep_previews",
        "schedule": 5.0,
    },
    "messages whose webhook failed": {
        "task": "conversations.tasks.sweep_polls",
        "schedule": 60.0,
    },
    "quotas of the month": {
        "task": "conversations.tasks.sweep_quotas",
        "schedule": 600.0,
    },
    "templates of providers": {
        "task": "conversations.tasks.sweep_templates",
        "schedule": 60.0,
    },
    "calls that rang out": {
        "task": "conversations.tasks.sweep_calls",
        "schedule": 5.0,
    },
    "follow-ups that are due": {
        "task": "conversations.tasks.sweep_follow_ups",
        "schedule": 20.0,
    },
    "snoozes that end": {
        "task": "conversations.tasks.sweep_snoozed",
        "schedule": 10.0,
    },
    "files never sent, codes long forgotten": {
        "task": "conversations.tasks.sweep_leftovers",
        "schedule": 3600.0,
    },
}
