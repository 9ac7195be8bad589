"""What remains of a call in the thread, beside the words of the note."""

from dataclasses import dataclass

from conversations.contents.base import LooseContent


@dataclass(frozen=True, slots=True)
class PhoneNote(LooseContent):
    """Numbers are E.164, `direction` and `outcome` as the call has them.

    `started_at`: when it was answered, else when it rang, ISO 8601. `talk_seconds` has
    the time on hold, `held_seconds`, in it or not as `Call.talk_time` says.
    """

    direction: str = ""
    from_: str = ""
    to: str = ""
    started_at: str = ""
    talk_seconds: int | None = None
    held_seconds: int | None = None
    outcome: str = ""
    picked_up_with_code: bool = False
    missed: bool = False
