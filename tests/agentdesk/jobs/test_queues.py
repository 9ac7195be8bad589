"""What waits for providers stands in a queue of its own, and somebody takes each queue."""

from pathlib import Path

import yaml
from django.conf import settings

from agentdesk.celery import app
from agentdesk.jobs.declare import OUTBOUND
from agentdesk.jobs.registry import beat_schedule, route
from agentdesk.ops.launcher import command_lines


def queues_of(words: list[str]) -> set[str]:
    return {words[index + 1] for index, word in enumerate(words) if word == "-Q"}


def queue_of_each_job() -> dict[str, str]:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    return {name: route(name)["queue"] for name in ours}


def test_every_job_names_a_queue_that_somebody_takes():
    known = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert set(queue_of_each_job().values()) == known


def test_a_job_is_sent_to_its_queue():
    queues = queue_of_each_job()
    assert len(queues) > 20
    for name, queue in queues.items():
        assert app.amqp.router.route({}, name)["queue"].name == queue


def test_what_waits_for_a_provider_is_apart():
    apart = [name for name, queue in queue_of_each_job().items() if queue == OUTBOUND]
    assert {name.rpartition(".")[2] for name in apart} == {
        "deliver",
        "fetch_file",
        "fetch_profile",
        "name_speaker",
        "poll_inbox",
        "push_notification",
        "refresh_quota",
        "refresh_templates",
        "sender_lives",
        "send_read_receipt",
    }


def test_every_sweep_is_a_job_that_there_is():
    app.loader.import_default_modules()
    sweeps = beat_schedule()
    assert len(sweeps) > 14
    assert sweeps == app.conf.beat_schedule
    assert sweeps.keys() <= app.tasks.keys()


def test_every_queue_is_taken_by_up_and_on_a_server():
    known = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    assert queues_of([*command_lines.worker(), *command_lines.sender()]) == known
    compose = Path(settings.BASE_DIR, "deploy/compose.yaml").read_text(encoding="utf-8")
    services = yaml.safe_load(compose)["services"].values()
    taken = [queues_of(one["command"]) for one in services if "command" in one]
    assert set().union(*taken) == known
