"""What the composer shows of a provider's own templates."""

from collections.abc import Sequence

from django import template

from conversations.outbound.reply_option import ReplyOption
from conversations.replies.selectors.provider_templates import (
    OfferedTemplate,
    provider_templates,
)

register = template.Library()


@register.filter
def offered_templates(option: ReplyOption | None) -> Sequence[OfferedTemplate]:
    return provider_templates(option.inbox) if option else ()
