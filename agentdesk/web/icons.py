"""Icons: a sprite of the Lucide icons that our source names, which every page refers to.

`manage.py icons` writes it anew; `make check` says when it has to. An icon that is not in
it, for its name was put together while a page was made, is drawn in place.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

SPRITE = "agentdesk/icons.svg"
_TOPS = ("agentdesk", "conversations", "customers", "templates")
_QUOTED = re.compile(r"""["']([a-z][a-z0-9-]*)["']""")
_SVG = "http://www.w3.org/2000/svg"
_SYMBOL = re.compile(r'<symbol id="([^"]+)"')
# Of the drawing, not of the place it is put in.
_DRAWN = (
    "viewBox",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
)
# What stands on a page may fill an icon; nothing else reaches into a sprite.
_FILL = "var(--icon-fill, none)"


def sprite() -> str:
    """All icons that a quoted word of ours names, as one SVG file; the same every time."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.Element(f"{{{_SVG}}}svg")
    words = set(_quoted_words(Path(settings.BASE_DIR)))
    with ZipFile(str(files("lucide") / "lucide.zip")) as icons:
        for file in sorted(icons.namelist()):
            name = file.removesuffix(".svg")
            if name in words:
                drawing = ElementTree.fromstring(icons.read(file))  # noqa: S314  # our wheel's
                attributes = {key: drawing.get(key, "") for key in _DRAWN}
                attributes["fill"] = _FILL
                symbol = ElementTree.SubElement(
                    root, f"{{{_SVG}}}symbol", {"id": name, **attributes}
                )
                symbol.extend(drawing)
    ElementTree.indent(root, space="")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def sprite_path() -> Path:
    return Path(settings.BASE_DIR) / "agentdesk/static" / SPRITE


_USUAL = 14


@lru_cache(maxsize=1024)
def drawn(name: str, size: int, css_class: str) -> SafeString:
    """The icon as HTML, `size` CSS pixels wide and high; no words go with it.

    A page has a hundred of the usual size: that one base.css knows.
    """
    if name not in _in_sprite():
        attributes = {"class": css_class} if css_class else {}
        return mark_safe(lucide(name, size=size, aria_hidden="true", **attributes))  # noqa: S308
    return format_html(
        '<svg{}{} aria-hidden="true"><use href="{}#{}"/></svg>',
        format_html(' class="{}"', css_class) if css_class else "",
        "" if size == _USUAL else format_html(' width="{}" height="{}"', size, size),
        static(SPRITE),
        name,
    )


@lru_cache(maxsize=1)
def _in_sprite() -> frozenset[str]:
    return frozenset(_SYMBOL.findall(sprite_path().read_text(encoding="utf-8")))


def _quoted_words(root: Path) -> Iterator[str]:
    for top in _TOPS:
        for path in (root / top).rglob("*"):
            if (
                path.suffix in {".py", ".html", ".jinja"}
                and "migrations" not in path.parts
            ):
                yield from _QUOTED.findall(path.read_text(encoding="utf-8"))
