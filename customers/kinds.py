"""The kinds of addresses a customer can have: our own, and those that channels bring."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise

from customers.choices import IdentityKind


@dataclass(frozen=True)
class Kind:
    """`is_opaque`: a value of a provider's (or ours), which nobody reads whole.

    `is_number`: it may be a phone number; `verbatim` is what is taken as it is, though.
    """

    value: str
    label: str | Promise
    icon: str
    is_opaque: bool = True
    is_number: bool = False
    verbatim: re.Pattern[str] | None = None


# In the order in which a customer's addresses stand.
_KINDS: dict[str, Kind] = {
    str(kind): Kind(str(kind), kind.label, icon, is_opaque, is_number)
    for kind, icon, is_opaque, is_number in (
        (IdentityKind.PHONE, "phone", False, True),
        (IdentityKind.EMAIL, "mail", False, False),
        (IdentityKind.SHOP, "id-card", False, False),
        (IdentityKind.WEB, "globe", True, False),
    )
}


def register(kind: Kind) -> None:
    _KINDS[kind.value] = kind


def kind_of(value: str) -> Kind:
    """One that nobody has registered (any more) is shown as it is stored."""
    return _KINDS.get(value) or Kind(value, value, "at-sign")


def kind_choices() -> list[tuple[str, str | Promise]]:
    """A function, so that a new channel asks for no migration."""
    return [(kind.value, kind.label) for kind in _KINDS.values()]


def number_kinds() -> list[str]:
    """Those by which somebody who calls is found."""
    return [kind.value for kind in _KINDS.values() if kind.is_number]


def place_of(value: str) -> int:
    """Where it stands among a customer's addresses."""
    return list(_KINDS).index(value) if value in _KINDS else len(_KINDS)
