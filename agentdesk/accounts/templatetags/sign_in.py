from django import template
from django.conf import settings
from django.utils.module_loading import import_string

register = template.Library()


@register.simple_tag
def demo_sign_ins() -> list[tuple[str, str, str]]:
    """(role, email, password) of the demo's members; nothing outside the demo.

    By name from the settings, for the demo stands above everything it fills.
    """
    if not settings.DEMO:
        return []
    sign_ins: list[tuple[str, str, str]] = import_string(settings.DEMO_SIGN_INS)()
    return sign_ins


@register.simple_tag
def mail_is_sent() -> bool:
    return bool(settings.EMAIL_URL)
