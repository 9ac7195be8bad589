"""Every address of the product, and how to fill the gaps of one with rows."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver


def walked(patterns: list[Any], route="", space="") -> Iterator[tuple[str, str, Any]]:
    for one in patterns:
        whole = route + str(one.pattern)
        if isinstance(one, URLPattern):
            yield whole, space + (one.name or ""), one
        else:
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from walked(one.url_patterns, whole, inner)


ROUTES = list(walked(get_resolver().url_patterns))


def values(rows: dict[str, Any], route: str) -> dict[str, Any]:
    """What to put into the gaps of an address: the rows of `account`."""
    here = [place for place in rows if route.startswith(f"{place}/")]
    file = rows["file"]
    return {
        "pk": rows[max(here, key=len)].pk if here else 1,
        "slug": file.account.slug,
        "account_id": file.account_id,
        "reference": rows["inquiries"].reference,
        "customer_pk": rows["customers"].pk,
        "message_pk": rows["message"].pk,
        "before": rows["message"].pk,
        "after": rows["message"].pk,
        "template_pk": rows["settings/<slug:slug>/templates"].pk,
        "key_pk": rows["key"].pk,
        "joining_pk": rows["joining"].pk,
        "scheduled_pk": rows["scheduled"].pk,
        "key": file.key
        if route.startswith("files/")
        else rows["settings/<slug:slug>/webchats"].key,
        "file_key": file.key,
    }


def address_of(pattern: URLPattern, route: str, given: dict[str, Any]) -> str:
    """The address of a route, with its gaps filled in (a word for what is unknown)."""
    address = route
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        kind = {"string": "str"}.get(kind, kind)
        address = address.replace(f"<{kind}:{name}>", str(given.get(name, "x1")))
    return "/" + address


def plain_routes() -> list[tuple[str, str, URLPattern]]:
    """All but the few of other packages that are regular expressions."""
    return [one for one in ROUTES if "^" not in one[0] and "(?P" not in one[0]]
