"""What makes the desk an app on a phone: its manifest, its service worker, the page it
shows without a line. For everybody: none of it knows who asks.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

_INSTALL = "agentdesk/install"
# The surfaces of css/tokens.css, by day.
_THEME = "#ffffff"
_BACKGROUND = "#eff1f4"
_SHELL = (
    "agentdesk/boot.js",
    "agentdesk/bundles/page.css",
    "agentdesk/mark.svg",
)
_HOUR = 3600


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    content = {
        "id": "/",
        "name": "Agentdesk",
        "short_name": "Agentdesk",
        "description": gettext("All channels of your customers in one conversation."),
        "lang": translation.get_language(),
        "start_url": reverse("desk:home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": _THEME,
        "background_color": _BACKGROUND,
        "categories": ["business", "productivity"],
        "icons": [
            _icon("icon-192", 192),
            _icon("icon-512", 512),
            _icon("maskable-512", 512, purpose="maskable"),
        ],
    }
    response = JsonResponse(content, content_type="application/manifest+json")
    response["Cache-Control"] = f"public, max-age={_HOUR}"
    return response


def _icon(name: str, size: int, purpose: str = "any") -> dict[str, str]:
    return {
        "src": static(f"{_INSTALL}/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, for it sees what lies below its own address."""
    shell = {
        "files": [static(name) for name in _SHELL],
        "offline": {
            language: reverse("offline", args=[language]) for language in ("ja", "en")
        },
        "icon": static(f"{_INSTALL}/icon-192.png"),
        "badge": static(f"{_INSTALL}/badge-96.png"),
    }
    text = _source()
    text_of_shell = json.dumps(shell, sort_keys=True)
    version = hashlib.sha256(f"{text_of_shell}{text}".encode()).hexdigest()[:12]
    shell["version"] = version
    response = HttpResponse(
        f"const SHELL = {json.dumps(shell)};\n{text}", content_type="text/javascript"
    )
    response["Cache-Control"] = "no-cache"
    return response


@lru_cache(maxsize=1)
def _source() -> str:
    path = finders.find(f"{_INSTALL}/worker.js")
    return Path(str(path)).read_text(encoding="utf-8")


@require_GET
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """Kept by the service worker, in both languages."""
    with translation.override(language):
        response = render(request, "offline.html", {"LANGUAGE_CODE": language})
    response["Cache-Control"] = "no-cache"
    return response
