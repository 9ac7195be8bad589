"""Jobs of files: their small pictures."""

from celery import shared_task

from agentdesk.jobs import sweep
from agentdesk.slots import Slots
from conversations.actions import make_preview as drawing

_drawers = Slots(1, lambda: drawing.files_to_draw(limit=1))


@shared_task
def make_preview(pk: int) -> None:
    _drawers.work(drawing.make_preview, pk)


@shared_task
def sweep_previews() -> None:
    """Files of mail, which need no fetching, and those the broker lost."""
    sweep(make_preview, drawing.files_to_draw())
