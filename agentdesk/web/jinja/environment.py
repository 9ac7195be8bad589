"""What every Jinja template can use. The backend of settings.TEMPLATES calls it once."""

import re
from collections.abc import Callable
from inspect import signature
from typing import Any, TypeVar

from django.conf import settings
from django.template import defaultfilters
from django.template.backends.django import get_installed_libraries
from django.template.library import import_library
from django.templatetags.static import static
from django.utils.timezone import get_current_timezone_name
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    TemplateNotFound,
    Undefined,
)

from agentdesk.web.jinja import translations
from agentdesk.web.jinja.addresses import url, url_or_none
from agentdesk.web.jinja.folding import FoldingEnvironment, ManyLanguages
from agentdesk.web.jinja.moments import date
from agentdesk.web.jinja.parts import part

_Environment = TypeVar("_Environment", bound=Environment)

SUFFIX = ".jinja"
# Whose template libraries our templates use; of all others they use nothing.
_OURS = ("agentdesk.", "conversations.", "customers.")
_DJANGO_FILTERS = (
    "filesizeformat",
    "linebreaksbr",
    "truncatechars",
    "urlencode",
    "yesno",
)
_INDENTATION = re.compile(r"\n\s+")


class SuffixLoader(FileSystemLoader):
    """Finds only what is written for Jinja: the folders hold Django's templates too.

    A browser makes nothing of the indentation of our source, so it is left out.
    """

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if not template.endswith(SUFFIX):
            raise TemplateNotFound(template)
        source, path, is_fresh = super().get_source(environment, template)
        return _INDENTATION.sub("\n", source), path, is_fresh


def environment(**options: Any) -> ManyLanguages:
    """What settings.TEMPLATES names; the options are those of Django's backend."""
    made = _filled(ManyLanguages, options)
    made.others = {}
    for code, _name in settings.LANGUAGES:
        made.others[code] = _filled(FoldingEnvironment, options)
        made.others[code].language = code
    return made


def _filled(kind: type[_Environment], options: dict[str, Any]) -> _Environment:
    given: BaseLoader = options["loader"]
    assert isinstance(given, FileSystemLoader)
    changed = {
        "loader": SuffixLoader(given.searchpath),
        "undefined": ChainableUndefined,
        "autoescape": True,
    }
    made = kind(
        **(options | changed),
        extensions=[
            "jinja2.ext.i18n",
            "agentdesk.web.jinja.component.ComponentExtension",
        ],
        cache_size=-1,
    )
    translations.install(made)
    made.filters.update(_filters())
    made.tests["given"] = is_given
    functions = _functions()
    made.globals.update(
        part=part,
        url=url,
        url_or_none=url_or_none,
        static=static,
        # Components have a value called `icon`.
        svg=functions.pop("icon"),
        current_timezone=get_current_timezone_name,
        **functions,
    )
    return made


def is_given(value: object) -> bool:
    """Neither None nor missing: Django's `is not None`."""
    return value is not None and not isinstance(value, Undefined)


def _filters() -> dict[str, Callable[..., Any]]:
    """Django's that we use, and all of our template libraries: one implementation."""
    found: dict[str, Callable[..., Any]] = {
        name: getattr(defaultfilters, name) for name in _DJANGO_FILTERS
    }
    for path in _our_libraries():
        found.update(import_library(path).filters)
    return found | {"date": date}


def _functions() -> dict[str, Callable[..., Any]]:
    """The simple tags of our libraries that do not look into Django's context."""
    found: dict[str, Callable[..., Any]] = {}
    for path in _our_libraries():
        for name, tag in import_library(path).tags.items():
            function = getattr(tag, "__wrapped__", None)
            if function and "context" not in signature(function).parameters:
                found[name] = function
    return found


def _our_libraries() -> list[str]:
    installed = sorted(set(get_installed_libraries().values()))
    return [path for path in installed if path.startswith(_OURS)]
