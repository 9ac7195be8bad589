"""What members see on a note: who is named in it, and the signs of colleagues."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from agentdesk.accounts.access import Access
from conversations.choices import NoteEmoji
from conversations.models import Message
from conversations.templatetags.thread import linked

register = template.Library()

_SPACES = r"[ \u3000]*"


@dataclass(frozen=True)
class Sign:
    """One emoji on a note; `is_mine`: the viewer has put it there too."""

    emoji: str
    label: str
    names: list[str]
    is_mine: bool


@register.filter
def noted(message: Message, viewer: Access | None) -> SafeString:
    """A note's text, linked; members it names are marked, and the viewer more so."""
    mentioned = getattr(message, "mentioned", None) or ()
    spellings = {name: one["user"] for one in mentioned for name in _patterns(one)}
    if not spellings:
        return linked(message.body)
    longest = sorted(spellings, key=len, reverse=True)
    groups = "|".join(f"({pattern})" for pattern in longest)
    own = viewer.user.pk if viewer else None
    parts, end = [], 0
    for match in re.finditer(f"[@＠](?:{groups})", message.body, re.IGNORECASE):
        parts.append(linked(message.body[end : match.start()]))
        is_own = spellings[longest[(match.lastindex or 1) - 1]] == own
        parts.append(
            format_html(
                '<mark class="mention"{}>{}</mark>',
                mark_safe(" data-own") if is_own else "",
                match[0],
            )
        )
        end = match.end()
    parts.append(linked(message.body[end:]))
    return mark_safe("".join(parts))  # noqa: S308  # every part is escaped above


def _patterns(one: Mapping[str, Any]) -> Iterable[str]:
    """Family name first and last, as written and as read, however spaced."""
    for family, given in (
        (one["family"], one["given"]),
        (one["family_kana"], one["given_kana"]),
    ):
        names = [re.escape(name) for name in (family, given) if name]
        if names:
            yield _SPACES.join(names)
            yield _SPACES.join(reversed(names))


@register.filter
def signs(message: Message, viewer: Access | None) -> list[Sign]:
    """In the order of the menu, each with the names of whoever has put it there."""
    rows = getattr(message, "note_signs", None) or ()
    own = viewer.user.pk if viewer else None
    found = []
    for emoji in NoteEmoji:
        same = [row for row in rows if row["emoji"] == emoji]
        if same:
            is_mine = any(row["user"] == own for row in same)
            names = [row["name"] for row in same]
            found.append(Sign(emoji.value, str(emoji.label), names, is_mine))
    return found


@register.simple_tag
def note_emoji() -> list[tuple[str, str]]:
    """What the menu offers, and how each is read out."""
    return [(emoji.value, str(emoji.label)) for emoji in NoteEmoji]
