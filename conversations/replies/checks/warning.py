"""What is said before a text leaves, and where in the text it points."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_AROUND = 10  # letters shown on both sides of the place


class WarningKind(TextChoices):
    ATTACHMENT = "attachment", gettext_lazy("A file is missing")
    ACCOUNT = "account", gettext_lazy("Another client company")
    ADDRESSEE = "addressee", gettext_lazy("Somebody else's name")
    CARD = "card", gettext_lazy("Card number")
    WORD = "word", gettext_lazy("A word on the list")
    BLANK = "blank", gettext_lazy("Not filled in")


class Scope(StrEnum):
    """How much is looked at: colleagues read notes, customers read replies."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True)
class SendWarning:
    """`start` and `end` are places in the text; `about` is the company or better word."""

    kind: WarningKind
    start: int
    end: int
    before: str
    words: str
    after: str
    about: str = ""

    @property
    def sentence(self) -> str:
        match self.kind:
            case WarningKind.ATTACHMENT:
                return _("The text speaks of an attachment, but no file is attached.")
            case WarningKind.ACCOUNT:
                return _("This belongs to another client company: %(name)s.") % {
                    "name": self.about
                }
            case WarningKind.ADDRESSEE:
                return _("This greets somebody else. The customer: %(name)s") % {
                    "name": self.about
                }
            case WarningKind.CARD:
                return _(
                    "This looks like a card number. Only its last four digits will be "
                    "kept and sent."
                )
            case WarningKind.WORD if self.about:
                return _("This word is on the list. Better: %(word)s") % {
                    "word": self.about
                }
            case WarningKind.WORD:
                return _("This word is on the list of words to avoid.")
            case _:
                return _("This is still to be filled in.")


def warning_at(
    text: str,
    kind: WarningKind,
    start: int,
    end: int,
    *,
    words: str = "",
    about: str = "",
) -> SendWarning:
    """With the words around the place, on one line. `words` are shown in their stead."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    first, last = max(line_start, start - _AROUND), min(line_end, end + _AROUND)
    return SendWarning(
        kind=kind,
        start=start,
        end=end,
        before=("…" if first > line_start else "") + text[first:start].lstrip(),
        words=words or text[start:end],
        after=text[end:last].rstrip() + ("…" if last < line_end else ""),
        about=about,
    )
