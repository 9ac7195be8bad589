"""The two engines that draw pages (settings.TEMPLATES).

The name decides: *.jinja is Jinja's (components, and what is drawn most often), *.html
Django's. Both look into the same folders.
"""

from pathlib import Path
from typing import Any


def template_engines(folders: list[Path]) -> list[dict[str, Any]]:
    return [
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "NAME": "jinja",
            "DIRS": folders,
            "APP_DIRS": False,
            "OPTIONS": {
                "environment": "agentdesk.web.jinja.environment",
                "context_processors": ["agentdesk.web.context.desk"],
            },
        },
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "NAME": "django",
            "DIRS": folders,
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "agentdesk.web.context.desk",
                ],
                "builtins": [
                    "lucide.templatetags.lucide",
                    "agentdesk.web.templatetags.desk",
                    "agentdesk.web.templatetags.components",
                ],
            },
        },
    ]
