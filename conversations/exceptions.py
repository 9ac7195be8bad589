"""Refusals, each with a sentence fit for the screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agentdesk.accounts.models import Membership


class RefusalError(Exception):
    """Something the product does not do, with the sentence that says why."""


class EmptyMessageError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("Write something first."))


class TooLongError(RefusalError):
    def __init__(self, limit: int) -> None:
        super().__init__(
            _("This is too long: at most %(limit)s characters.") % {"limit": limit}
        )


class SignedOutError(RefusalError):
    """The visitor's token is from before they signed out of the shop."""

    def __init__(self) -> None:
        super().__init__(_("You have signed out since you wrote this."))


class FileGoneError(RefusalError):
    """A file that was to go along is not there for this message (any more)."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "A file of this message is no longer available. Remove it and attach it again."
            )
        )


class AlreadySentError(RefusalError):
    """It was sent before as it stood then; what has been changed since was not."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This was sent already, as you had written it then: look in the thread. What you have changed since was not sent."
            )
        )


class TooLateError(RefusalError):
    """What was to be undone has happened for good."""

    def __init__(self) -> None:
        super().__init__(_("It is too late to undo this."))


class MomentOverError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("Choose a time that is still to come, within a year."))


class BeyondWindowError(RefusalError):
    """Scheduled for a time when the channel would refuse it."""

    def __init__(self, until: datetime, zone: str) -> None:
        local = until.astimezone(ZoneInfo(zone))
        time = date_format(local, "SHORT_DATETIME_FORMAT")
        super().__init__(
            _("Replies may go there only until %(time)s. Choose a time before that.")
            % {"time": time}
        )


class WriterGoneError(RefusalError):
    def __init__(self, writer: Membership) -> None:
        super().__init__(
            _("%(name)s no longer writes here.") % {"name": writer.user.name}
        )


class TooManyPinsError(RefusalError):
    def __init__(self, limit: int) -> None:
        super().__init__(
            _("At most %(limit)s messages are pinned here. Unpin another one first.")
            % {"limit": limit}
        )


class TooManyFilesError(RefusalError):
    def __init__(self, limit: int) -> None:
        super().__init__(_("At most %(limit)s files at once.") % {"limit": limit})


class NoReplyChannelError(RefusalError):
    def __init__(self) -> None:
        super().__init__(
            _("This customer has no channel that can carry a written reply.")
        )


class LeaseHeldError(RefusalError):
    """Another member is answering this customer."""

    def __init__(self, holder: Membership) -> None:
        self.holder = holder
        super().__init__(
            _("%(name)s is answering this customer now.") % {"name": holder.user.name}
        )


class NewerMessageError(RefusalError):
    """Something arrived while the reply was being written."""

    def __init__(self) -> None:
        super().__init__(
            _("A new message arrived while you were writing. Read it, then send.")
        )


class ReasonNeededError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("Choose a contact reason before closing."))


class OwnedError(RefusalError):
    """Another member was faster."""

    def __init__(self, owner: Membership) -> None:
        super().__init__(
            _("%(name)s has taken this inquiry.") % {"name": owner.user.name}
        )


class UnreadMessageError(RefusalError):
    """Something arrived while the dialog for closing was open."""

    def __init__(self) -> None:
        super().__init__(_("A new message has arrived. Read it, then close."))


class AlreadyClosedError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This inquiry is already closed."))


class AnotherOpenError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This customer already has an open inquiry."))


class NotAllowedError(RefusalError):
    """The member's role in that account does not do this: one of several rows."""

    def __init__(self) -> None:
        super().__init__(_("You are not allowed to do that."))


class TooManyAtOnceError(RefusalError):
    def __init__(self, limit: int) -> None:
        super().__init__(_("At most %(limit)s inquiries at once.") % {"limit": limit})


class NotAMemberError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This person is not an active member of the account."))


class PastTimeError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("Choose a time in the future."))


class BusyError(RefusalError):
    """One running call a person: the other one is finished first."""

    def __init__(self) -> None:
        super().__init__(_("Finish your current call first, wrap-up included."))


class CallTakenError(RefusalError):
    def __init__(self, holder: Membership | None) -> None:
        super().__init__(
            _("%(name)s has taken this call.") % {"name": holder.user.name}
            if holder
            else _("This call is no longer ringing.")
        )


class CallOverError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This call is already finished."))


class NotANumberError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This is not a telephone number."))


class WrongCodeError(RefusalError):
    def __init__(self) -> None:
        super().__init__(
            _("This pick-up code is not valid: mistyped, used already, or expired.")
        )


class TooManyTriesError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("Too many wrong codes. Try again in a minute."))


class NothingToResendError(RefusalError):
    """Another tab, or a colleague, was faster."""

    def __init__(self) -> None:
        super().__init__(_("This message is no longer waiting for a decision."))


class ClosedChannelError(RefusalError):
    """The customer cannot be written to there; `reason` is a ClosedReason's words."""

    def __init__(self, channel: str, reason: str) -> None:
        super().__init__(
            _("%(channel)s cannot carry this reply: %(reason)s.")
            % {"channel": channel, "reason": reason}
        )


class FileNotCarriedError(RefusalError):
    def __init__(self, name: str, limit: str) -> None:
        super().__init__(
            _("%(name)s cannot be sent here: %(limit)s.")
            % {"name": name, "limit": limit}
        )


class CannotLinkError(RefusalError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This customer cannot be asked to link: the channel, or the sign-in "
                "page of the shop in the inbox's settings, is missing."
            )
        )


class NotYetError(Exception):
    """An event speaks of something that has not come: it is tried again later."""


class NothingToJoinError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This was decided already."))


class JoinedBeforeError(RefusalError):
    """One of them is joined with a third, or the shop knows both as two."""

    def __init__(self) -> None:
        super().__init__(
            _("These two cannot be joined: the shop or a colleague knows them as two.")
        )


class ClaimDecidedError(NothingToJoinError):
    """The stated address was proved or refuted meanwhile."""


class TooManyCodesError(RefusalError):
    def __init__(self) -> None:
        super().__init__(
            _("Several codes were sent there just now. Wait half an hour.")
        )


class WrongClaimCodeError(RefusalError):
    def __init__(self) -> None:
        super().__init__(_("This code is not right, or no longer good."))
