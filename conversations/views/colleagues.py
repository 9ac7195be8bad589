from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from agentdesk.web.http import DeskRequest, signed_in
from conversations.selectors.hearing import hearing_members
from conversations.views.thread import visible_conversation


@require_GET
@signed_in
def colleagues(request: DeskRequest, pk: int) -> HttpResponse:
    """Who can be named with @ in a note: `{"members": [{"name", "key"}]}`."""
    conversation = visible_conversation(request, pk)
    members = (
        hearing_members(conversation)
        .exclude(user=request.user)
        .select_related("user")
        .order_by("user__family_name", "pk")
    )
    found = [{"name": member.user.name, "key": member.user.email} for member in members]
    return JsonResponse({"members": found})
