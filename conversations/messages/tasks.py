"""Jobs of files: their small pictures."""

from agentdesk.jobs.declare import job
from agentdesk.jobs.queueing import sweep
from agentdesk.jobs.slots import Slots
from conversations.messages import make_preview as drawing

_drawers = Slots(1, lambda: drawing.files_to_draw(limit=1))


@job()
def make_preview(pk: int) -> None:
    _drawers.work(drawing.make_preview, pk)


@job(every=5)
def sweep_previews() -> None:
    """Files of mail, which need no fetching, and those the broker lost."""
    sweep(make_preview, drawing.files_to_draw())
