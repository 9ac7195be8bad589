"""gettext for Jinja: Django's catalogs, in the language of the reader.

A translation is trusted like the template that it stands for; what is filled in is
escaped.
"""

from typing import Any

from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup


def install(environment: Environment) -> None:
    """Makes `_`, `{% trans %}`, `pgettext` and their plurals known to it."""
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # jinja2.ext.i18n
    environment.globals.update(
        _=gettext,
        gettext=gettext,
        ngettext=ngettext,
        pgettext=pgettext,
        npgettext=npgettext,
    )


def gettext(message: str, /, **variables: Any) -> Markup:
    return _filled(translation.gettext(message), variables)


def ngettext(singular: str, plural: str, number: int, /, **variables: Any) -> Markup:
    variables.setdefault("num", number)
    return _filled(translation.ngettext(singular, plural, number), variables)


def pgettext(context: str, message: str, /, **variables: Any) -> Markup:
    return _filled(translation.pgettext(context, message), variables)


def npgettext(
    context: str, singular: str, plural: str, number: int, /, **variables: Any
) -> Markup:
    variables.setdefault("num", number)
    found = translation.npgettext(context, singular, plural, number)
    return _filled(found, variables)


def _filled(text: str, variables: dict[str, Any]) -> Markup:
    """`{% trans %}` doubles a % in its text, as Django's `{% translate %}` does."""
    if variables:
        return Markup(text) % variables  # noqa: S704  # a translation of ours
    return Markup(text.replace("%%", "%"))  # noqa: S704  # a translation of ours
