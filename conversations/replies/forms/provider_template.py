"""A provider's template as the composer submits it: its name, and what fills its gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agentdesk.web.text import stored_text
from conversations.exceptions import RefusalError
from conversations.models import Conversation
from conversations.outbound.reply_options import chosen_option
from conversations.replies.selectors.provider_templates import (
    OfferedTemplate,
    find_template,
)

_LONGEST = 1024


class TemplateRefusedError(RefusalError):
    """The template cannot go like this."""


@dataclass(frozen=True)
class FilledTemplate:
    """`body` is what the customer reads, `data` what the channel sends by."""

    body: str
    data: Mapping[str, Any]


def filled_template(
    conversation: Conversation, posted: Mapping[str, Any], *, files: int
) -> FilledTemplate | None:
    """None where no template was chosen. Raises TemplateRefusedError."""
    value = str(posted.get("template", "") or "")
    if not value:
        return None
    option = chosen_option(conversation, str(posted.get("via", "") or ""))
    template = find_template(option.inbox, value) if option else None
    if template is None:
        raise TemplateRefusedError(
            _("The provider no longer offers this template: choose another one.")
        )
    _refuse_files(template, files)
    values = {gap.number: _value(posted, gap.field) for gap in template.gaps}
    return FilledTemplate(template.filled(values), template.sent(values).as_data())


def _value(posted: Mapping[str, Any], field: str) -> str:
    """One line: providers refuse breaks and rows of spaces inside a gap."""
    value = " ".join(stored_text(str(posted.get(field, "") or "")).split())
    if not value:
        raise TemplateRefusedError(_("Fill in every field of the template."))
    if len(value) > _LONGEST:
        text = _("This is too long: at most %(limit)s characters.")
        raise TemplateRefusedError(text % {"limit": _LONGEST})
    return value


def _refuse_files(template: OfferedTemplate, files: int) -> None:
    needed = 1 if template.template.header_file else 0
    if files < needed:
        raise TemplateRefusedError(
            _("This template needs a file at its top: attach one.")
        )
    if files > needed:
        raise TemplateRefusedError(_("A template carries no further files."))
