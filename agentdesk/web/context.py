from typing import Any

from django.conf import settings
from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """What every page needs: the user's access and whether this is the demo."""
    return {
        "access": getattr(request, "access", None),
        "is_demo": settings.DEMO,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
