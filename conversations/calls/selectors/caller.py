"""What the call box offers while an agent types: customers, a new one, a code."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from agentdesk.accounts.access import Access, stand_in
from agentdesk.accounts.models import ClientAccount
from agentdesk.prepared import prepared
from conversations.models import Inquiry
from conversations.models.partly_live import hidden_inquiries
from customers.choices import IdentityKind
from customers.kinds import number_kinds
from customers.models import Claim, Customer
from customers.people.selectors.find import (
    MAX_FOUND,
    Found,
    Hit,
    InIndexOrder,
    Match,
    Typed,
    hits_of,
    load_found,
)
from customers.people.text import display_phone, normalise_phone

_REFERENCE = re.compile(r"[0-9A-Z]{4,8}")
_CODE = re.compile(r"[0-9]{6}")
_References = QuerySet[Inquiry, tuple[int, str]]
_REFERENCE_HEAD = 3  # letters before the hyphen of a 受付番号


@dataclass(frozen=True)
class NewCaller:
    """A number nobody is known under, in an account that can take it."""

    account: ClientAccount
    number: str  # E.164

    @property
    def display(self) -> str:
        return display_phone(self.number, self.account.phone_region)


@dataclass(frozen=True)
class CallBoxOffer:
    found: list[Found] = field(default_factory=list)
    new_callers: list[NewCaller] = field(default_factory=list)
    code: str = ""  # offered, never tried while somebody types

    @property
    def is_empty(self) -> bool:
        return not (self.found or self.new_callers or self.code)


def call_box_offer(
    accounts: Sequence[ClientAccount], raw: str, *, access: Access
) -> CallBoxOffer:
    """What Enter could start for `raw`, in 4 queries however many customers there are.

    `accounts` are those of `access` that are looked through.
    """
    typed = Typed.of(raw)
    if not typed.text:
        return CallBoxOffer()
    found = load_found(
        _reference_hits(accounts, typed, access) + hits_of(accounts, typed)
    )
    return CallBoxOffer(
        found=found,
        new_callers=_new_callers(accounts, typed, found),
        code=typed.digits if is_code(typed) else "",
    )


def is_code(typed: Typed) -> bool:
    return typed.is_number and bool(_CODE.fullmatch(typed.digits))


def _reference_hits(
    accounts: Sequence[ClientAccount], typed: Typed, access: Access
) -> list[Hit]:
    """By 受付番号, however its hyphen, width and case were typed."""
    compact = re.sub(r"[\s\-_ー‐]+", "", typed.text.upper())
    if not _REFERENCE.fullmatch(compact):
        return []
    spelled = f"{compact[:_REFERENCE_HEAD]}-{compact[_REFERENCE_HEAD:]}"
    if not accounts:
        return []
    pks = [account.pk for account in accounts]
    found: Iterable[tuple[int, str]]
    if hidden_inquiries(access) is None:
        found = _referred(spelled, pks)
    else:
        found = _by_reference(access, spelled, pks)
    return [Hit(pk, Match.REFERENCE, reference) for pk, reference in found]


@prepared
def _referred(spelled: str, account_ids: list[int]) -> _References:
    return _by_reference(stand_in(account_ids), spelled, account_ids)


def _by_reference(access: Access, spelled: str, account_ids: list[int]) -> _References:
    rows = [
        Inquiry.objects.real()
        .open_to(access)
        .filter(account=pk, reference__startswith=spelled)
        .order_by(InIndexOrder(F("reference")))
        .values_list("conversation__customer_id", "reference")[:MAX_FOUND]
        for pk in account_ids
    ]
    return rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0]


def _new_callers(
    accounts: Sequence[ClientAccount], typed: Typed, found: list[Found]
) -> list[NewCaller]:
    """A complete number may begin a new customer in every account that lacks it."""
    if not typed.is_number:
        return []
    callers = []
    for account in accounts:
        number = normalise_phone(typed.text, account.phone_region)
        if number and len(typed.digits) >= 9 and not _is_held(number, account, found):
            callers.append(NewCaller(account, number))
    return callers


def _is_held(number: str, account: ClientAccount, found: list[Found]) -> bool:
    return any(
        one.customer.account_id == account.pk
        and one.match in {Match.PHONE, Match.LAST_DIGITS}
        and one.value == number
        and not one.is_claim
        for one in found
    )


def candidates_for(account: ClientAccount, number: str) -> list[Customer]:
    """Everybody in `account` known under that normalised number, at most 8."""
    if not number.startswith("+"):
        return []
    return list(
        Customer.objects.real()
        .filter(
            identities__account=account,
            identities__kind__in=number_kinds(),
            identities__value=number,
        )
        .select_related("rank")
        .distinct()
        .order_by("pk")[:MAX_FOUND]
    )


@dataclass(frozen=True)
class Candidate:
    """`is_claimant`: merely states the number (本人申告), and is asked before all else."""

    customer: Customer
    is_claimant: bool = False


def candidates_to_choose(account: ClientAccount, number: str) -> list[Candidate]:
    """Who may be calling, for a member to choose: those known, else those who state it.

    Nobody who only states a number is taken for its owner by themselves.
    """
    known = candidates_for(account, number)
    return [Candidate(one) for one in known] or [
        Candidate(one, is_claimant=True) for one in claimants_of(account, number)
    ]


def claimants_of(account: ClientAccount, number: str) -> list[Customer]:
    """Those in `account` who state that normalised number, the newest first, at most 8."""
    if not number.startswith("+"):
        return []
    claims = Claim.objects.open().filter(
        account=account, kind=IdentityKind.PHONE, value=number
    )
    rows = claims.select_related("customer__rank").order_by("-pk")[:MAX_FOUND]
    return [row.customer for row in rows]
