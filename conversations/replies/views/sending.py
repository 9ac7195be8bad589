"""The question before a send: is this meant so?"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from agentdesk.web.http import STATUS_CONFLICT, DeskRequest
from conversations.models import Conversation
from conversations.replies.selectors.sending import SendingCheck, sending_check


def check_of(
    conversation: Conversation, written: Mapping[str, Any], *, has_files: bool
) -> SendingCheck:
    """`written` is what ComposeForm cleaned."""
    return sending_check(
        conversation,
        scope=written["kind"],
        body=written["body"],
        has_files=has_files,
    )


def warned(request: DeskRequest, check: SendingCheck) -> HttpResponse:
    """The places, a way to each, and a way to send it nevertheless."""
    context = {"check": check, "is_note": check.scope == "note"}
    response = render(
        request, "replies/_send_warnings.jinja", context, status=STATUS_CONFLICT
    )
    response["HX-Trigger-After-Swap"] = "composer-warned"
    return response
