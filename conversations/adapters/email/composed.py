"""The words of a mail that leaves: what was written, the signature, what is quoted."""

import re

import css_inline
import nh3
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from conversations.adapters.email.html_bounds import bounded

MAX_QUOTED = 30_000  # characters
_MAX_HTML = 500_000
_QUOTED_LINES = 1_000
_TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ATTRIBUTES = {
    "*": frozenset({"style", "dir", "align"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
}
_STYLES = frozenset(
    [
        "color",
        "background-color",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "text-align",
        "text-decoration",
        "margin",
        "padding",
    ]
)
_PICTURE = re.compile(r"cid:[\w.@-]{1,100}\Z")
_SHEET = (
    "body{font-family:'Hiragino Sans','Yu Gothic',Meiryo,sans-serif;font-size:14px;"
    "line-height:1.7}blockquote{margin:0 0 0 8px;padding:0 0 0 12px;"
    "border-left:2px solid #c8ccd4;color:#555b66}"
    ".signature,.quoted{color:#555b66}"
)


def _allowed(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if _PICTURE.match(value) else None
    return value


def cleaned(html: str) -> str:
    """What an editor has made, without what no editor of ours makes.

    Empty where it would have to be cut, or was made to keep a parser busy.
    """
    bounded_html, is_whole = bounded(html, _MAX_HTML)
    if not is_whole:
        return ""
    return nh3.clean(
        bounded_html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_allowed,
        filter_style_properties=set(_STYLES),
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel=None,
    )


def as_text(body: str, *, signature: str, attribution: str, quoted: str) -> str:
    """`attribution` introduces what is quoted; both empty for a mail that answers none."""
    pieces = [body.rstrip()]
    if signature.strip():
        pieces.append(f"-- \n{signature.strip()}")
    if quoted.strip():
        lines = quoted.strip()[:MAX_QUOTED].splitlines()[:_QUOTED_LINES]
        pieces.append(
            "\n".join([attribution, *(f"> {line}".rstrip() for line in lines)])
        )
    return "\n\n".join(piece for piece in pieces if piece)


def as_html(html: str, *, signature: str, attribution: str, quoted: str) -> str:
    """A whole document, its styles at its elements: mailers drop style sheets."""
    pieces = [mark_safe(cleaned(html))]  # noqa: S308  # cleaned
    if signature.strip():
        pieces.append(
            format_html('<div class="signature">-- <br>{}</div>', _broken(signature))
        )
    if quoted.strip():
        lines = "\n".join(quoted.strip()[:MAX_QUOTED].splitlines()[:_QUOTED_LINES])
        pieces.append(
            format_html(
                '<div class="quoted">{}<blockquote>{}</blockquote></div>',
                attribution,
                _broken(lines),
            )
        )
    document = format_html(
        "<!DOCTYPE html><html><head>{}</head><body>{}</body></html>",
        mark_safe(f"<style>{_SHEET}</style>"),  # noqa: S308  # ours
        mark_safe("<br>".join(pieces)),  # noqa: S308  # escaped or cleaned, each
    )
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False
    )
    return inliner.inline(document)


def _broken(text: str) -> SafeString:
    return mark_safe(str(conditional_escape(text.strip())).replace("\n", "<br>"))  # noqa: S308  # escaped
