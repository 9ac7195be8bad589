"""The attributes of a `<live-region>`: a part of a page that reads itself again by itself.

Written in one place, for they belong together; `js/live-region.js` acts on them. It is
read after each of its signals and after every reconnect. A reading that is overtaken is
given up (`hx-sync`), which is no order to what stands inside (`hx-disinherit`).
"""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from agentdesk.accounts.access import Access


def live_region(
    url: str,
    topics: str | Iterable[str],
    kinds: str,
    *,
    seen: object = None,
    delay: int = 0,
    gather: bool = False,
    also: str = "",
    swap: str = "outerHTML",
    sync: str = "this:replace",
    disinherit: str = "hx-sync",
) -> SafeString:
    """For the `kinds` ("customer_changed …") of signals that concern `topics`.

    Without a topic it receives those kinds of whatever the page watches. `delay` waits so
    many milliseconds for more of a burst, `gather` reads at once and then at most once a
    second. `also` are further triggers as htmx writes them. `seen` is the version on the
    screen: as it is, the answer is none.
    """
    return format_html(
        'topics="{}" kinds="{}"{}{} hx-get="{}" hx-trigger="{}" hx-swap="{}"'
        ' hx-sync="{}" hx-disinherit="{}"',
        topics if isinstance(topics, str) else " ".join(topics),
        kinds,
        format_html(' delay="{}"', delay) if delay else "",
        SafeString(" gather") if gather else "",
        url if seen is None else f"{url}?seen={seen}",
        also or "none",  # htmx would take a click for what it is not given
        swap,
        sync,
        disinherit,
    )


def topic(pk: int, kind: str) -> str:
    """What a page watches of one row: "customer:12"."""
    return f"{kind}:{pk}"


def topics_of(access: Access, *kinds: str) -> list[str]:
    """Of everything of these kinds ("account", "member") that the person may see."""
    pks = {
        "account": access.account_ids,
        "member": [member.pk for member in access.memberships.values()],
    }
    return [topic(pk, kind) for kind in kinds for pk in pks[kind]]
