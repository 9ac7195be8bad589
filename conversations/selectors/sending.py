"""What is to be said to the person who is about to send this text."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.phone import national
from conversations.models import Conversation, WebChatSettings, WordList
from conversations.sending.names import Company
from conversations.sending.rules import House, digest, warnings_for
from conversations.sending.warning import Scope, SendWarning

_MOST_ACCOUNTS = 200


@dataclass(frozen=True)
class SendingCheck:
    """`token` stands for this text with these warnings: only it confirms them."""

    scope: Scope
    warnings: list[SendWarning]
    token: str
    text: str

    def stops(self, confirmed: str) -> bool:
        return bool(self.warnings) and confirmed != self.token


def sending_check(
    conversation: Conversation, *, scope: str, body: str, has_files: bool
) -> SendingCheck:
    """At most three queries, however many accounts there are; none for a note."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    wanted = Scope(scope)
    is_said = wanted == Scope.REPLY and bool(text.strip())
    house = _house(conversation.account) if is_said else House()
    found = warnings_for(text, scope=wanted, has_files=has_files, house=house)
    return SendingCheck(wanted, found, digest(text, found), text)


def _house(account: ClientAccount) -> House:
    """The account's own words, and what gives the other accounts away."""
    companies = _companies(account)
    lists = WordList.objects.filter(account=account).values_list("lines", flat=True)
    return House(
        own=companies.pop(account.pk),
        others=list(companies.values()),
        lines=lists.first() or (),
    )


def _companies(own: ClientAccount) -> dict[int, Company]:
    """By the number of the account, its own too. Two queries."""
    rows = ClientAccount.objects.only("name", "phone_number", "phone_region")
    accounts = [own, *rows.exclude(pk=own.pk)[:_MOST_ACCOUNTS]]
    domains: dict[int, set[str]] = {}
    chats = WebChatSettings.objects.filter(inbox__account__in=accounts)
    for owner, origins in chats.values_list("inbox__account_id", "allowed_origins"):
        domains.setdefault(owner, set()).update(map(_domain, origins))
    return {
        account.pk: Company(
            name=account.name,
            domains=frozenset(domains.get(account.pk, set()) - {""}),
            phones=frozenset(_phones(account)),
        )
        for account in accounts
    }


def _domain(origin: str) -> str:
    return (urlsplit(origin).hostname or "").removeprefix("www.")


def _phones(account: ClientAccount) -> set[str]:
    number = account.phone_number
    return {national(number, account.phone_region), number[1:]} if number else set()
