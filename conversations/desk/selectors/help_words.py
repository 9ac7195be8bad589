"""The words that a screen uses, each explained in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Word:
    term: str | Promise
    sentence: str | Promise


_CONVERSATION = Word(
    _("Conversation"),
    _("All that was ever said with one customer, on every channel; it never ends."),
)
_INQUIRY = Word(
    _("Inquiry"),
    _("One piece of work in a conversation, with owner, status and reason."),
)
_REFERENCE = Word(
    _("Reference"),
    _("The number of an inquiry, which customers may name; the box above finds it."),
)
_OWNER = Word(
    _("Owner"), _("The member who sees to an inquiry; it stands in their own list.")
)
_REASON = Word(
    _("Contact reason"), _("Why the customer wrote; asked for when one closes.")
)
_CLAIM = Word(
    _("Stated by the customer"),
    _("An address that nobody has proved yet: find by it, but do not trust it."),
)
_INBOX = Word(
    _("Inbox"), _("One connected address: a phone line, a mailbox, a web chat.")
)
_PROMISE = Word(
    pgettext_lazy("follow-up", "Promise"),
    _("What you said you would do by a time; you are told when it is due."),
)
_WRAP_UP = Word(
    _("Wrap-up"),
    _("The minute after a call: say how it ended, and its lines become the note."),
)
_PICK_UP_CODE = Word(
    _("Pick-up code"),
    _("Six digits a web visitor reads out on the phone; their chat opens with them."),
)
_ACCOUNT = Word(
    _("Client company"),
    _("Whose customers you speak with; nothing of one is shown to another."),
)
_MEMBER = Word(
    _("Member"), _("A person's place in one company, with the role they have there.")
)
_DESK = (
    _CONVERSATION,
    _INQUIRY,
    _REFERENCE,
    _OWNER,
    _REASON,
    Word(
        _("Snooze"),
        _(
            "Put away until a time, or until the customer writes, then back in the list."
        ),
    ),
    Word(
        _("Send and close"),
        _("One key, both or neither: a reply that is refused leaves the inquiry open."),
    ),
    Word(
        _("Picker"),
        _("Type in kanji, kana or Latin letters, or press a digit; Enter chooses."),
    ),
    Word(
        pgettext_lazy("inquiries", "Several at once"),
        _(
            "X chooses rows of the list; the keys of one inquiry then act on all of them."
        ),
    ),
    Word(
        _("Internal note"), _("Seen by members only; @ and a name tells a colleague.")
    ),
    Word(
        _("Template"),
        _("A text to begin a reply with: type / in an empty line; Tab: next gap."),
    ),
    Word(
        _("Send later"),
        _("The reply waits below the thread, and stops if the customer writes first."),
    ),
    Word(_("Pinned"), _("Up to three messages at the head of the thread, for all.")),
    _CLAIM,
    _PICK_UP_CODE,
    _PROMISE,
)
_CALLS = (
    _PROMISE,
    _WRAP_UP,
    Word(
        _("Talk time"),
        _("From the answer to the end of a call, time on hold included."),
    ),
    Word(_("Missed call"), _("Rang, and nobody answered; call back with one click.")),
    _PICK_UP_CODE,
)
_CUSTOMERS = (
    Word(_("Customer"), _("A person the company serves, with all their addresses.")),
    Word(
        _("Contact details"),
        _("The addresses by which they are recognised when they write or call."),
    ),
    _CLAIM,
    Word(
        _("Merge"),
        _(
            "Show two customers as the one person they are; it can be undone at any time."
        ),
    ),
    _CONVERSATION,
)
_SETTINGS = (
    _INBOX,
    Word(
        _("Quarantine"),
        _("What came in and could not be understood; nothing of it is lost."),
    ),
    _REASON,
    Word(_("Template"), _("A text that members put into their replies.")),
    _MEMBER,
    _ACCOUNT,
)
_AUDIT = (
    Word(
        _("Audit log"),
        _("Who changed or looked at what, and when; nobody can alter it."),
    ),
    _MEMBER,
    _ACCOUNT,
)
_OWN = (
    Word(
        _("Two-step sign-in"),
        _("Besides the password, something you have: an app or a passkey."),
    ),
    Word(_("Recovery codes"), _("Sign you in once each when the second step is lost.")),
)
_SCREENS: Sequence[tuple[tuple[str, ...], Sequence[Word]]] = (
    (("/desk/", "/conversations/"), _DESK),
    (("/calls/",), _CALLS),
    (("/customers/",), _CUSTOMERS),
    (("/settings/",), _SETTINGS),
    (("/audit/",), _AUDIT),
    (("/me/", "/accounts/"), _OWN),
)


def words_of(path: str) -> Sequence[Word]:
    """Those of the screen at that path; of an unknown one what is true of all."""
    found = (words for starts, words in _SCREENS if path.startswith(starts))
    return next(found, (_CONVERSATION, _INQUIRY, _ACCOUNT, _MEMBER))
