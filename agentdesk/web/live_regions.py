"""The attributes of a live region: a part of a page that reads itself again by itself.

Written in one place, for they belong together. It is read after each of its events and
after every reconnect. A reading that is overtaken is given up (`hx-sync`), which is no
order to what stands inside (`hx-disinherit`).
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def live_region(
    url: str,
    topic: str,
    pk: int,
    kinds: str,
    *,
    seen: object = None,
    delay: str = "",
    also: str = "",
    swap: str = "outerHTML",
    sync: str = "this:replace",
    disinherit: str = "hx-sync",
) -> SafeString:
    """For what `topic` ("customer") number `pk` says: `kinds` ("customer_changed …").

    `also` are further triggers as htmx writes them, `delay` gathers a burst ("200ms"),
    `seen` is the version on the screen: as it is, the answer is none.
    """
    waiting = f" delay:{delay}" if delay else ""
    triggers = [
        f"live:{topic}:{pk}:{kind} from:body{waiting}" for kind in kinds.split()
    ]
    if also:
        triggers.append(also)
    triggers.append("live:reconnected from:body")
    return format_html(
        'hx-get="{}" hx-trigger="{}" hx-swap="{}" hx-sync="{}" hx-disinherit="{}"',
        url if seen is None else f"{url}?seen={seen}",
        ", ".join(triggers),
        swap,
        sync,
        disinherit,
    )
