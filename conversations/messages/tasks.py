"""Jobs of files: their small pictures."""

from collections.abc import Iterable

from agentdesk.jobs.declare import Sweep, job
from agentdesk.jobs.slots import Slots
from conversations.messages import make_preview as drawing

_drawers = Slots(1, lambda: drawing.files_to_draw(limit=1))


def _to_draw() -> Iterable[int]:
    """Files of mail, which need no fetching, and those the broker lost."""
    return drawing.files_to_draw()


@job(sweep=Sweep(every=5, rows=_to_draw))
def make_preview(pk: int) -> None:
    _drawers.work(drawing.make_preview, pk)
