"""What is to be said to the person who is about to send this text."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from agentdesk.accounts.models import ClientAccount
from agentdesk.accounts.phone import national
from conversations.models import (
    Conversation,
    InboxConnection,
    WebChatSettings,
    WordList,
)
from conversations.replies.checks.names import Company
from conversations.replies.checks.rules import House, digest, warnings_for
from conversations.replies.checks.warning import Scope, SendWarning
from conversations.replies.selectors.addressees import addressees_of

_MOST_ACCOUNTS = 200
_IS_NUMBER = re.compile(r"\+[0-9]{6,15}")
# Mailboxes there are everybody's: their domain tells of no company.
_ANYBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.jp",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "yahoo.co.jp",
        "yahoo.ne.jp",
        "yahoo.com",
        "ymail.ne.jp",
        "aol.com",
        "aol.jp",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "softbank.ne.jp",
        "i.softbank.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "ocn.ne.jp",
        "so-net.ne.jp",
        "plala.or.jp",
        "excite.co.jp",
        "goo.jp",
    ]
)


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
    """At most four queries, however many accounts there are; none for a note.

    Two more where somebody is greeted whose name is not the customer's.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    wanted = Scope(scope)
    is_reply = wanted == Scope.REPLY and bool(text.strip())
    house = House()
    if is_reply:
        addressees = addressees_of(conversation, text)
        house = replace(_house(conversation.account), addressees=addressees)
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
    """By the number of the account, its own too. Three queries."""
    rows = ClientAccount.objects.only("name", "phone_number", "phone_region")
    accounts = [own, *rows.exclude(pk=own.pk)[:_MOST_ACCOUNTS]]
    domains: dict[int, set[str]] = defaultdict(set)
    chats = WebChatSettings.objects.filter(inbox__account__in=accounts)
    for owner, origins in chats.values_list("inbox__account_id", "allowed_origins"):
        domains[owner].update(map(_domain, origins))
    addresses = _addresses(accounts)
    return {
        account.pk: Company(
            name=account.name,
            domains=frozenset(
                (domains[account.pk] | set(map(_mail_domain, addresses[account.pk])))
                - {""}
            ),
            phones=frozenset(_phones(account, addresses[account.pk])),
            emails=frozenset(one for one in addresses[account.pk] if "@" in one),
        )
        for account in accounts
    }


def _addresses(accounts: Sequence[ClientAccount]) -> dict[int, set[str]]:
    """What customers know the inboxes by: mailboxes, numbers, names such as @shop."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = InboxConnection.objects.filter(inbox__account__in=accounts)
    addresses = rows.values_list("inbox__account_id", "address", "settings__address")
    for owner, address, typed in addresses:
        found[owner].update(str(one).lower() for one in (address, typed) if one)
    return found


def _mail_domain(address: str) -> str:
    """Of a mailbox, where the domain is the company's own."""
    name, _at, domain = address.partition("@")
    return domain if name and domain not in _ANYBODYS else ""


def _domain(origin: str) -> str:
    return (urlsplit(origin).hostname or "").removeprefix("www.")


def _phones(account: ClientAccount, addresses: set[str]) -> set[str]:
    numbers = {account.phone_number, *addresses}
    spelled: set[str] = set()
    for number in filter(_IS_NUMBER.fullmatch, numbers):
        spelled |= {national(number, account.phone_region), number[1:]}
    return spelled
