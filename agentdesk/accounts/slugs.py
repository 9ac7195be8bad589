"""Short names of accounts, as they stand in addresses."""

import jaconv
from django.utils.text import slugify

from agentdesk.accounts.models import ClientAccount

# What stands, or may come to stand, in the place of a slug in our addresses.
RESERVED_SLUGS = frozenset({"new", "all", "audit", "people"})


def free_slug(name: str) -> str:
    """An unused slug made of `name`: kana in Latin letters, `account` for kanji alone."""
    latin = jaconv.kana2alphabet(jaconv.kata2hira(name))
    stem = slugify(latin)[:40].strip("-_") or "account"
    taken = set(
        ClientAccount.objects.filter(slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    taken |= RESERVED_SLUGS
    if stem not in taken and len(stem) > 1:
        return stem
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"
