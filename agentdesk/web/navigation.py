"""Requests of the browser itself, by a link or a form, as against those of our scripts."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_form_of_page(request: HttpRequest) -> bool:
    """Whether the browser shows the answer to this form as its next page.

    What our scripts send asks for no page, and takes a bare status for an answer.
    """
    is_by_script = bool(request.headers.get("HX-Request"))
    return not is_by_script and "text/html" in request.headers.get("Accept", "")


def page_of_form(request: HttpRequest) -> str:
    """The path of the page that the form stands on, where the browser names it."""
    address = request.headers.get("Referer", "")
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if not address or not is_own:
        return "/"
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
