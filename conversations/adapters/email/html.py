"""The HTML of strangers: cleaned for a sandboxed frame, and read as text.

Remote pictures tell the sender that their mail was read: they wait until asked for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

import nh3
from django.utils.html import escape
from inscriptis import get_text  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
from inscriptis.html_properties import Display  # type: ignore[import-untyped]
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]
from inscriptis.model.html_element import HtmlElement  # type: ignore[import-untyped]
from inscriptis.model.tag import CustomHtmlTagHandlerMapping  # type: ignore[import-untyped]

from conversations.adapters.email.html_bounds import bounded

MAX_SHOWN = 1_000_000  # characters
MAX_READ = 300_000


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TAGS = _names(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code "
    "col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 "
    "h6 header hr i img ins kbd li main mark ol p pre q rp rt ruby s samp section small "
    "span strike strong sub sup table tbody td tfoot th thead tr tt u ul var wbr"
)
_SILENT_TAGS = _names(
    "script style title template iframe object noembed noframes select textarea"
)
_EVERYWHERE = _names("align valign bgcolor dir lang style title width height")
_OF_TABLES = _names("background border cellpadding cellspacing colspan rowspan nowrap")
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": frozenset({"href", "name"}),
    # One address a picture: `srcset` has several, of which each may be a stranger's.
    "img": frozenset({"src", "alt", "border", "hspace", "vspace"}),
    "font": frozenset({"color", "face", "size"}),
    "ol": frozenset({"start", "type"}),
    "ul": frozenset({"type"}),
    "li": frozenset({"type", "value"}),
    "hr": frozenset({"size", "color"}),
    "col": frozenset({"span"}),
} | dict.fromkeys(("table", "td", "th", "tr"), _OF_TABLES)
_STYLES = _names(
    "background background-color border border-bottom border-bottom-color "
    "border-bottom-style border-bottom-width border-collapse border-color border-left "
    "border-left-color border-left-style border-left-width border-radius border-right "
    "border-right-color border-right-style border-right-width border-spacing "
    "border-style border-top border-top-color border-top-style border-top-width "
    "border-width box-sizing clear color direction display float font font-family "
    "font-size font-style font-variant font-weight height letter-spacing line-height "
    "list-style-type margin margin-bottom margin-left margin-right margin-top "
    "max-height max-width min-height min-width opacity overflow padding padding-bottom "
    "padding-left padding-right padding-top table-layout text-align text-decoration "
    "text-indent text-transform vertical-align visibility white-space width "
    "word-break word-spacing word-wrap overflow-wrap writing-mode"
)
_LINKED = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_PICTURED = re.compile(
    r"https?:|cid:|data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE
)
# A style may fetch: by url(), image-set(), or with its letters escaped.
_FETCHING = re.compile(r"url|image|src|\\|@|/\*|expression", re.IGNORECASE)

# nh3 writes attributes in one way: double quotes, and none inside of them.
_TAG = re.compile(r"<[a-z][a-z0-9]*(?: [a-z-]+=\"[^\"]*\")+>")
_SOURCE = re.compile(r" (src|background)=\"([^\"]*)\"")
_STYLE = re.compile(r"\sstyle\s?=\s?(\"[^\"]{0,3000}\"|'[^']{0,3000}')", re.IGNORECASE)
# What comes before the first words in a list of mails, and is not shown in any.
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class CleanHtml:
    """Safe to show. `html` has its remote pictures in `data-blocked-…` attributes."""

    html: str
    with_pictures: str
    blocked: int
    is_cut: bool


def clean_html(html: str, pictures: Mapping[str, str] | None = None) -> CleanHtml:
    """`pictures`: our addresses of the attached ones, by content id."""
    shortened, is_whole = bounded(html, MAX_SHOWN)
    is_refused = bool(html) and not shortened
    cleaned = (
        f"<pre>{escape(text_of_html(html))}</pre>"
        if is_refused
        else _CLEANER.clean(shortened)
    )
    sources = _Sources(pictures or {})
    blocked = _TAG.sub(sources.block, cleaned)
    return CleanHtml(
        html=blocked,
        with_pictures=_TAG.sub(sources.show, cleaned) if sources.blocked else blocked,
        blocked=sources.blocked,
        is_cut=not is_whole,
    )


def _filtered(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if _LINKED.match(value.strip()) else None
    if name == "src":
        return value if _PICTURED.match(value.strip()) else None
    if name == "background":
        return value if _LINKED.match(value.strip()) else None
    if name == "style" and _FETCHING.search(value):
        return ";".join(
            one for one in value.split(";") if _FETCHING.search(one) is None
        )
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_SILENT_TAGS,
    attributes=_ATTRIBUTES,
    attribute_filter=_filtered,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    url_relative="deny",
    filter_style_properties=_STYLES,
)


class _Sources:
    """Where the pictures of one mail come from."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self.pictures = pictures
        self.blocked = 0

    def block(self, tag: re.Match[str]) -> str:
        return _SOURCE.sub(self._blocked, tag[0])

    def show(self, tag: re.Match[str]) -> str:
        return _SOURCE.sub(self._shown, tag[0])

    def _blocked(self, source: re.Match[str]) -> str:
        if _is_local(source[2]):
            return self._shown(source)
        self.blocked += 1
        return f' data-blocked-{source[1]}="{source[2]}"'

    def _shown(self, source: re.Match[str]) -> str:
        if not source[2].lower().startswith("cid:"):
            return source[0]
        address = self.pictures.get(unquote(unescape(source[2][4:])))
        return f' {source[1]}="{escape(address)}"' if address else ""


def _is_local(source: str) -> bool:
    return source.lower().startswith(("cid:", "data:"))


def _nothing(*_state: object) -> None:
    """Tables lay mails out: padded columns would tear their text apart."""


_AS_LINES = dict.fromkeys(("table", "tr", "td", "th"), _nothing)
_READER = ParserConfig(
    css=CSS_PROFILES["strict"]
    | {
        "table": HtmlElement(display=Display.block),
        "tr": HtmlElement(display=Display.block),
        "td": HtmlElement(suffix=" "),
        "th": HtmlElement(suffix=" "),
        "template": HtmlElement(display=Display.none),
    },
    custom_html_tag_handler_mapping=CustomHtmlTagHandlerMapping(_AS_LINES, _AS_LINES),
)


def _hidden(style: re.Match[str]) -> str:
    return ' style="display:none"' if _INVISIBLE.search(style[1]) else style[0]


def text_of_html(html: str) -> str:
    """The words of it that can be seen, for search, preview and quoting."""
    shortened, _is_whole = bounded(html, MAX_READ)
    shortened = _STYLE.sub(_hidden, shortened)
    try:
        text = get_text(shortened, _READER) if shortened else ""
    except (RecursionError, ValueError, AssertionError, LookupError):
        text = ""
    if not text.strip():
        text = unescape(_ANY_TAG.sub(" ", html[:MAX_READ]))
    text = text.replace("\xa0", " ")
    lines = (line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
