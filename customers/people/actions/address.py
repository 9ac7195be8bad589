"""Addresses as they are compared, found and locked; nothing is written here."""

import re

from django.db import connection

from agentdesk.accounts.models import ClientAccount
from customers.choices import IdentityKind
from customers.models import Identity
from customers.people.text import clean_text, normalise_email, normalise_phone

# What WhatsApp calls a user whose number it does not tell: JP.1A2B3C.
_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
# And a group: "capi_group:…" in base64, whose letters are no vanity number.
_WHATSAPP_GROUP = re.compile(r"Y2FwaV9ncm91cDo[A-Za-z0-9+/=_-]{1,200}")
AddressKey = tuple[str, str, str]  # kind, value, scope


def normalise_identity(kind: str, raw: str, account: ClientAccount) -> str:
    """The comparable form of an address; empty where it cannot be one."""
    if kind == IdentityKind.WHATSAPP and (
        _BSUID.fullmatch(raw) or _WHATSAPP_GROUP.fullmatch(raw)
    ):
        return raw
    if kind in {IdentityKind.PHONE, IdentityKind.WHATSAPP}:
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
    name = lock_name(account, kind, value, scope)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock_name(account: ClientAccount, kind: str, value: str, scope: str) -> str:
    """What everybody locks, hashed, before making a customer of that address."""
    return f"identity:{account.pk}:{kind}:{scope}:{value}"
