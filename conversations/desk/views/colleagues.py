from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from agentdesk.accounts.readings import search_words
from agentdesk.web.http import DeskRequest, signed_in
from conversations.inquiries.selectors.watchers import watching_members
from conversations.inquiries.views.visible import visible_conversation


@require_GET
@signed_in
def colleagues(request: DeskRequest, pk: int) -> HttpResponse:
    """Who can be named with @ in a note: `{"members": [{"name", "kana", "words"}]}`.

    `words` are all spellings they are found by.
    """
    conversation = visible_conversation(request, pk)
    members = (
        watching_members(conversation)
        .exclude(user=request.user)
        .select_related("user")
        .order_by("user__family_name", "pk")
    )
    found = [
        {
            "name": member.user.name,
            "kana": member.user.kana,
            "words": search_words(member.user),
        }
        for member in members
    ]
    return JsonResponse({"members": found})
