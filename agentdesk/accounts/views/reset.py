"""A forgotten password: by mail where the installation sends mail, else by an admin."""

from allauth.account import views
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase


def _only_with_mail() -> None:
    if not settings.EMAIL_URL:
        raise Http404


def request_mail(request: HttpRequest) -> HttpResponseBase:
    _only_with_mail()
    response: HttpResponseBase = views.password_reset(request)
    return response


def mail_is_sent(request: HttpRequest) -> HttpResponseBase:
    _only_with_mail()
    response: HttpResponseBase = views.password_reset_done(request)
    return response


def from_key(request: HttpRequest, uidb36: str, key: str) -> HttpResponseBase:
    """The link of the mail, or the one an admin has handed over."""
    response: HttpResponseBase = views.password_reset_from_key(
        request, uidb36=uidb36, key=key
    )
    return response
