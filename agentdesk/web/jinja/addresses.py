"""Addresses of our pages. A thread has dozens, and Django works out each anew."""

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

_PLACEHOLDER = 987_650_000


def url(name: str, *arguments: object) -> str:
    """`{% url %}`. One whose arguments are numbers is worked out once for all of them."""
    if all(type(one) is int for one in arguments):
        return _pattern(name, len(arguments)) % arguments
    return reverse(name, args=arguments)


def url_or_none(name: str, *arguments: object) -> str:
    """`{% url … as … %}`: empty where no page has that name or takes that."""
    try:
        return url(name, *arguments)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=512)
def _pattern(name: str, count: int) -> str:
    """The address with %d in the place of each number. Raises NoReverseMatch."""
    numbers = range(_PLACEHOLDER, _PLACEHOLDER + count)
    path = reverse(name, args=[*numbers]).replace("%", "%%")
    for number in numbers:
        path = path.replace(str(number), "%d")
    return path
