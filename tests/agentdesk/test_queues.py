"""What waits for providers stands in a queue of its own, and somebody takes each queue."""

from pathlib import Path

import yaml
from django.conf import settings

from agentdesk.celery import app
from agentdesk.upkeep import programs


def queues_of(words: list[str]) -> set[str]:
    return {words[index + 1] for index, word in enumerate(words) if word == "-Q"}


def test_every_route_is_of_a_task_that_there_is():
    app.loader.import_default_modules()
    assert settings.CELERY_TASK_ROUTES.keys() <= app.tasks.keys()


def test_every_queue_is_taken_by_up_and_on_a_server():
    known = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert queues_of([*programs.worker(), *programs.sender()]) == known
    compose = Path(settings.BASE_DIR, "deploy/compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(compose)["services"].values()
    taken = [queues_of(one["command"]) for one in services if "command" in one]
    assert set().union(*taken) == known
