"""What the templates of calls say in words of their own."""

from django import template
from django.forms import BoundField
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agentdesk.web.templatetags.components import draw_in_page
from conversations.calls.selectors.context import strip_context
from conversations.choices import CallLine
from conversations.contents.call_lines import CallLines
from conversations.models import Call, Message
from customers.choices import IdentityKind
from customers.people.selectors.find import Found, Match
from customers.people.text import display_phone

register = template.Library()


@register.simple_tag(takes_context=True)
def call_strip(context: RequestContext) -> SafeString:
    """The strip as part of the page, so that nothing jumps when a page loads."""
    strip = strip_context(context["access"])
    return draw_in_page(context, "calls/_call_strip.jinja", strip)


@register.filter
def url_of(call: Call, step: str) -> str:
    return reverse(f"desk:call-{step}", args=[call.pk])


@register.filter
def call_lines(message: Message) -> list[tuple[str, str]]:
    """The lines of a phone note that say something, each with its name."""
    lines = CallLines.of(message) or CallLines()
    return [(str(CallLine(key).label), text) for key, text in lines.written.items()]


@register.filter
def is_chosen(pk: int, value: object) -> bool:
    return str(pk) == str(value)


@register.filter
def invalid(field: BoundField | str) -> str:
    """The value of aria-invalid; "" (no form was sent yet, or nothing is wrong) is left out."""
    return "true" if isinstance(field, BoundField) and field.errors else ""


@register.filter
def error_id(field: BoundField | str) -> str:
    """The id of the sentence about this field, where there is one."""
    if isinstance(field, BoundField) and field.errors:
        return f"call-{field.name}-error"
    return ""


@register.filter
def matched(found: Found) -> str:
    """Why somebody is among the results: the number, the order, the reference."""
    region = found.customer.account.phone_region
    if found.match in {Match.PHONE, Match.LAST_DIGITS}:
        return display_phone(found.value, region)
    if found.match == Match.ORDER:
        return _("Order %(number)s") % {"number": found.value}
    if found.match == Match.REFERENCE:
        return _("Reference %(number)s") % {"number": found.value}
    if found.match == Match.SHOP:
        return _("Shop customer number %(number)s") % {"number": found.value}
    if found.match == Match.EMAIL:
        return found.value
    phones = [
        display_phone(identity.value, region)
        for identity in found.customer.identities.all()
        if identity.kind == IdentityKind.PHONE
    ]
    return phones[0] if phones else ""
