"""What puts the chat on a site: the script, how it looks, and a page to try it on."""

import json
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from agentdesk.accounts.roles import Permission
from agentdesk.audit.origin import address_group, request_address
from agentdesk.web.http import DeskRequest, signed_in
from conversations.choices import Channel, InboxState
from conversations.messages.files import EXTENSIONS
from conversations.models import Inbox
from conversations.models.message import MAX_BODY
from conversations.webchat.limits import ADDRESS_REQUESTS, retry_after
from conversations.webchat.selectors.webchat import active_webchat, trial_key
from conversations.webchat.selectors.words import chat_words
from conversations.webchat.views.door import ChatRequest, Door, answer, chat_endpoint

_SCRIPT = "agentdesk/bundles/chat.js"
_JAVASCRIPT = "text/javascript; charset=utf-8"


@require_GET
def loader(request: HttpRequest, key: str) -> HttpResponse:
    """The one line's script. It knows its key and our address by its own address."""
    if retry_after(ADDRESS_REQUESTS, address_group(request_address(request))):
        return HttpResponse("// too many requests", _JAVASCRIPT, 429)
    if active_webchat(key) is None:
        return HttpResponse("// there is no such chat", _JAVASCRIPT, 404)
    response = render(
        request,
        "webchat/loader.js",
        {"script": static(_SCRIPT), "plain": f"{settings.STATIC_URL}{_SCRIPT}"},
        content_type=_JAVASCRIPT,
    )
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@chat_endpoint(Door("GET", needs_token=False))
def config(chat: ChatRequest) -> HttpResponse:
    """Looks and words in the visitor's language."""
    response = answer(config_data(chat.inbox, chat.language))
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


def config_data(inbox: Inbox, language: str) -> dict[str, Any]:
    chat = inbox.webchat
    is_japanese = language == "ja"
    with translation.override(language):
        words = chat_words()
    return {
        "title": (chat.title_ja if is_japanese else chat.title_en)
        or inbox.account.name,
        "greeting": (chat.greeting_ja if is_japanese else chat.greeting_en)
        or words["greeting"],
        "away": (chat.away_ja if is_japanese else chat.away_en) or words["away"],
        "colour": chat.colour,
        "ask": _requested_fields(inbox) if chat.ask_before else [],
        "calls": bool(
            chat.show_pickup and inbox.account.phone_number and inbox.is_active
        ),
        "max_body": MAX_BODY,
        "max_file": settings.FILE_UPLOAD_MAX_BYTES,
        "extensions": list(EXTENSIONS),
        "words": words,
    }


def _requested_fields(inbox: Inbox) -> list[str]:
    fields = ("name", "email", "phone", "subject")
    return [field for field in fields if getattr(inbox.webchat, f"ask_{field}")]


@require_GET
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its stub says less
@signed_in
def preview(request: DeskRequest, key: str) -> HttpResponse:
    """A page with the chat on it, as its settings are or, by the query, would be."""
    inbox = get_object_or_404(
        Inbox.objects.visible_to(request.access).filter(channel=Channel.WEBCHAT),
        key=key,
    )
    request.access.require(Permission.MANAGE_SETTINGS, inbox.account_id)
    shown = {
        name: request.GET[name][:500]
        for name in ("title", "greeting", "away", "colour")
        if request.GET.get(name)
    }
    return render(
        request,
        "webchat/preview.html",
        {
            "inbox": inbox,
            "key": trial_key(inbox) if inbox.state == InboxState.TEST else inbox.key,
            "language": "en" if request.GET.get("language") == "en" else "ja",
            "shown": json.dumps(shown, ensure_ascii=False),
        },
    )


@require_GET
@signed_in
def trial(request: DeskRequest, key: str) -> HttpResponse:
    """The real chat for whoever tries it: what is written there is a test alone."""
    rows = Inbox.objects.visible_to(request.access).filter(channel=Channel.WEBCHAT)
    inbox = get_object_or_404(rows, key=key, state=InboxState.TEST)
    request.access.require(Permission.MANAGE_SETTINGS, inbox.account_id)
    language = "en" if request.LANGUAGE_CODE == "en" else "ja"
    context = {"inbox": inbox, "key": trial_key(inbox), "language": language}
    return render(request, "webchat/preview.html", context)
