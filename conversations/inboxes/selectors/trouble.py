"""What is wrong with an inbox, and what an admin does about it, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.choices import OPEN_INBOX_STATES, FailureCode, InboxState
from conversations.inboxes.selectors.progress import progress_of
from conversations.models import Inbox, InboxConnection
from conversations.models.inbox import InboxQuerySet

# A token that ends within these is renewed before it does.
TOKEN_WARNING = timedelta(days=14)
TOKEN_ALARM = timedelta(days=3)
QUOTA_WARNING = 0.9

# What a failure of the connection asks for; others are the provider's to mend.
WHAT_TO_DO: dict[str, str | Promise] = {
    FailureCode.CREDENTIALS: gettext_lazy(
        "Sign in again: paste a new token or password under Connection."
    ),
    FailureCode.PERMISSION: gettext_lazy(
        "Give our app the missing right at the provider, then check again."
    ),
    FailureCode.QUOTA: gettext_lazy(
        "Choose a larger plan at the provider, or answer on another channel."
    ),
    FailureCode.SET_UP: gettext_lazy("Fill in what is missing under Connection."),
    FailureCode.NETWORK: gettext_lazy(
        "Check the address under Connection, and whether this server may reach it."
    ),
    FailureCode.TIMEOUT: gettext_lazy(
        "Try again later; if it lasts, look at the provider's status page."
    ),
    FailureCode.PROVIDER: gettext_lazy(
        "Try again later; if it lasts, look at the provider's status page."
    ),
    FailureCode.RATE: gettext_lazy("It goes on by itself in a moment."),
}
_ANYHOW = gettext_lazy("Check the connection; the provider's own words are below.")


@dataclass(frozen=True)
class Trouble:
    """`step` is the part of the inbox's page that mends it; tone danger or warning."""

    code: str
    text: str
    todo: str
    tone: str
    step: str
    detail: str = ""
    since: datetime | None = None


def troubles_of(inbox: Inbox) -> list[Trouble]:
    """The worst first, without a query for an inbox that came with its connection."""
    connection: InboxConnection | None = getattr(inbox, "connection", None)
    found = []
    if connection is not None:
        found += _of_connection(connection)
        if inbox.state != InboxState.STOPPED:
            found += _half_configured(inbox)
    if inbox.silent_since is not None and inbox.state in OPEN_INBOX_STATES:
        found.append(_silent(inbox.silent_since))
    return sorted(found, key=lambda one: one.tone != "danger")


def _of_connection(connection: InboxConnection) -> list[Trouble]:
    found = []
    if connection.trouble:
        code = connection.trouble
        known = code in FailureCode.values
        text = str(FailureCode(code).label) if known else code
        todo = str(WHAT_TO_DO.get(code, _ANYHOW))
        found.append(
            Trouble(
                code,
                text,
                todo,
                "danger",
                "connection",
                connection.trouble_detail,
                connection.trouble_since,
            )
        )
    if connection.token_expires_at is not None:
        found += _token(connection.token_expires_at)
    if connection.is_quota_used_up and connection.trouble != FailureCode.QUOTA:
        text = str(FailureCode.QUOTA.label)
        todo = str(WHAT_TO_DO[FailureCode.QUOTA])
        found.append(Trouble("quota", text, todo, "danger", "check"))
    return found


def _token(ends: datetime) -> list[Trouble]:
    left = ends - timezone.now()
    if left > TOKEN_WARNING:
        return []
    todo = str(WHAT_TO_DO[FailureCode.CREDENTIALS])
    if left <= timedelta(0):
        return [
            Trouble("token", _("The token has expired"), todo, "danger", "connection")
        ]
    text = ngettext(
        "The token expires in %(count)s day",
        "The token expires in %(count)s days",
        left.days,
    ) % {"count": left.days}
    tone = "danger" if left <= TOKEN_ALARM else "warning"
    return [Trouble("token", text, todo, tone, "connection")]


def _half_configured(inbox: Inbox) -> list[Trouble]:
    progress = progress_of(inbox)
    found = []
    if progress.obstacle:
        step = "connection" if progress.missing else "check"
        found.append(
            Trouble(
                "half",
                _("Not set up completely"),
                progress.obstacle,
                "danger" if inbox.is_active else "warning",
                step,
            )
        )
    if progress.webhook_trouble:
        text = _("The provider cannot reach us")
        todo = progress.webhook_trouble
        found.append(Trouble("webhook", text, todo, "warning", "webhook"))
    elif progress.has_webhook and not progress.has_received and inbox.is_active:
        text = _("No event of the provider has arrived yet")
        todo = _("Set our webhook address at the provider, and send a test.")
        found.append(Trouble("unheard", text, todo, "warning", "webhook"))
    return found


def _silent(since: datetime) -> Trouble:
    return Trouble(
        "silent",
        _("Unusually quiet"),
        _("At this hour messages usually come. Write one yourself, and check again."),
        "warning",
        "check",
        since=since,
    )


def inboxes_with_connection() -> InboxQuerySet:
    return Inbox.objects.select_related("connection", "account")


def may_alarm(now: datetime) -> Q:
    """Narrows inboxes to those that `troubles_of` may find an alarm in."""
    findings = Q(connection__facts__findings__0__isnull=False)
    return (
        Q(silent_since__isnull=False)
        | Q(connection__trouble__gt="")
        | Q(connection__token_expires_at__lte=now + TOKEN_ALARM)
        | Q(connection__quota_used__gte=F("connection__quota_limit"))
        | Q(connection__isnull=False, connection__checked_at__isnull=True)
        | findings
    )


def half_configured() -> list[tuple[Inbox, list[Trouble]]]:
    """All inboxes of the installation that are named by `manage.py check`."""
    rows = inboxes_with_connection().filter(connection__isnull=False).order_by("pk")
    found = [
        (inbox, _half_configured(inbox)) for inbox in rows.exclude(state="stopped")
    ]
    return [(inbox, troubles) for inbox, troubles in found if troubles]
