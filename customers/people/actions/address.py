"""Addresses as they are compared, found and locked; nothing is written here."""

from agentdesk.accounts.models import ClientAccount
from agentdesk.round_trip import Statement, execute_together
from customers.choices import IdentityKind
from customers.kinds import kind_of
from customers.models import Identity
from customers.people.text import clean_text, normalise_email, normalise_phone

AddressKey = tuple[str, str, str]  # kind, value, scope


def normalise_identity(kind: str, raw: str, account: ClientAccount) -> str:
    """The comparable form of an address; empty where it cannot be one."""
    known = kind_of(kind)
    if known.verbatim is not None and known.verbatim.fullmatch(raw):
        return raw
    if known.is_number:
        return normalise_phone(raw, account.phone_region)
    if kind == IdentityKind.EMAIL:
        return normalise_email(raw)
    return clean_text(raw).strip()[:320]


def find_identity(
    account: ClientAccount, kind: str, value: str, *, scope: str = ""
) -> Identity | None:
    return (
        Identity.objects.select_related("customer")
        .filter(account=account, kind=kind, scope=scope, value=value)
        .first()
    )


def lock_address(account: ClientAccount, kind: str, value: str, scope: str) -> None:
    """Serialise all who look for the same address until this transaction ends."""
    execute_together([lock_statement(account, kind, value, scope)])


def lock_statement(
    account: ClientAccount, kind: str, value: str, scope: str
) -> Statement:
    """The same, for a round trip with what is to be done under the lock."""
    name = lock_name(account, kind, value, scope)
    return "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name]


def lock_name(account: ClientAccount, kind: str, value: str, scope: str) -> str:
    """What everybody locks, hashed, before making a customer of that address."""
    return f"identity:{account.pk}:{kind}:{scope}:{value}"
