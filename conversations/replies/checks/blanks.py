"""Places in a text that are still to be filled in by the person who sends it."""

import re
from collections.abc import Iterator

_BLANKS = re.compile(
    # Ours, as `blank` makes them and as people write them into templates.
    r"【\s*要入力[^】\n]{0,60}】|\[\s*fill in\b[^\]\n]{0,60}\]"
    # A variable nobody has replaced.
    r"|\{\{[^{}\n]{1,60}\}\}|｛｛[^｛｝\n]{1,60}｝｝"
    # ○○様, ○月○日; not the noughts of 二〇〇〇円.
    r"|(?<![一二三四五六七八九十百千万〇○◯\d])[○〇◯]{2,}\s?(?:様|さま|さん|円|番|号|日|月|時|個|点)"
    r"|[○〇◯]{1,2}\s?月\s?[○〇◯]{1,2}\s?日",
    re.IGNORECASE,
)


def blank(label: str, locale: str) -> str:
    """A visible gap: 【要入力：注文番号】, [fill in: order number]."""
    return f"[fill in: {label}]" if locale == "en" else f"【要入力：{label}】"


def unfilled_places(text: str) -> Iterator[tuple[int, int]]:
    for found in _BLANKS.finditer(text):
        yield found.span()
