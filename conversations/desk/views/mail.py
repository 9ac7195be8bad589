"""Mail beside the thread: all of its text, its HTML in a frame, the original."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.desk.actions.note_original_read import note_original_read
from conversations.desk.selectors.mail import mail_of, page_of, pieces_of, raw_of
from conversations.inquiries.views.visible import visible_conversation
from conversations.models import MailBody


@require_GET
@signed_in
def whole(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """The text with what is folded in the thread."""
    pieces = pieces_of(_mail(request, pk, message_pk))
    return render(request, "desk/mail/_whole.jinja", {"pieces": pieces})


@require_GET
@signed_in
@xframe_options_sameorigin
def html(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """A page for a sandboxed frame; with `images` it fetches pictures from the web.

    It may look like itself, and do nothing: no script, no form, no font, no frame.
    """
    page = page_of(_mail(request, pk, message_pk))
    shows_all = request.GET.get("images") == "1"
    shown = page.clean.with_pictures if shows_all else page.clean.html
    context = {
        "subject": page.subject,
        "html": mark_safe(shown),  # noqa: S308  # cleaned by nh3
        "is_cut": page.clean.is_cut,
    }
    response = render(request, "desk/mail/frame.html", context)
    response["Content-Security-Policy"] = _policy(request, shows_all=shows_all)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _policy(request: DeskRequest, *, shows_all: bool) -> str:
    own = request.build_absolute_uri("/files/")
    static = request.build_absolute_uri("/static/")
    remote = " https:" if shows_all else ""
    return (
        f"default-src 'none'; img-src {own} data:{remote}; "
        f"style-src 'unsafe-inline' {static}; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )


@require_GET
@signed_in
def raw(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """The original, to save: every header of it. Who looks is written down."""
    mail = _mail(request, pk, message_pk)
    original = raw_of(mail)
    if original is None:
        raise Http404
    note_original_read(mail.message, actor=request.user)
    response = HttpResponse(original, content_type="message/rfc822")
    name = f"mail-{message_pk}.eml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mail(request: DeskRequest, pk: int, message_pk: int) -> MailBody:
    mail = mail_of(visible_conversation(request, pk), message_pk)
    if mail is None:
        raise Http404
    return mail
