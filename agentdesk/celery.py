"""The Celery application: worker and beat. Jobs are declared beside what they do."""

import os
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, task_prerun, worker_ready
from django.conf import settings

from agentdesk.jobs.registry import beat_schedule, route
from agentdesk.jobs.waiting import begin_run
from agentdesk.memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentdesk.settings")

ROOT = Path(__file__).resolve().parent.parent
TOPS = ("agentdesk", "conversations", "customers")


def packages_with_jobs() -> list[str]:
    """Every package of ours that has a module `tasks`."""
    found = (path for top in TOPS for path in (ROOT / top).rglob("tasks.py"))
    return sorted(".".join(path.relative_to(ROOT).parts[:-1]) for path in found)


app = Celery("agentdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(packages_with_jobs)
worker_ready.connect(lambda **_signal: settle(), weak=False)
app.conf.task_routes = (route,)
app.conf.beat_scheduler = "agentdesk.jobs.beat:SweepScheduler"
task_prerun.connect(lambda task, args, **_more: begin_run(task.name, args), weak=False)


@app.on_after_finalize.connect
def take_up_the_sweeps(sender: Celery, **_signal: object) -> None:
    """Every job has been read by then."""
    sender.loader.import_default_modules()
    sender.conf.beat_schedule = beat_schedule()


@beat_init.connect
def make_room_for_the_schedule(**_signal: object) -> None:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
