"""What the composer submits. Its text is never swapped: only the notice above it is."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import (
    STATUS_CONFLICT,
    STATUS_INVALID,
    DeskRequest,
    signed_in,
)
from conversations.choices import DeliveryState, MessageKind
from conversations.exceptions import (
    AlreadySentError,
    LeaseHeldError,
    NewerMessageError,
    RefusalError,
)
from conversations.inquiries.actions.conversation import lock
from conversations.inquiries.views.visible import visible_conversation
from conversations.live import events
from conversations.models import Conversation, Message
from conversations.outbound.tasks import deliver
from conversations.replies.actions.after_send import AfterSend, Followed, follow
from conversations.replies.actions.compose import (
    break_lease,
    give_back,
    hold_lease,
    save_draft,
)
from conversations.replies.actions.note import add_note
from conversations.replies.actions.record_ignored_warnings import (
    record_ignored_warnings,
)
from conversations.replies.actions.reply import send_reply
from conversations.replies.actions.schedule import Plan, schedule_reply
from conversations.replies.actions.written_reply import Written
from conversations.replies.forms.after_send import after_send
from conversations.replies.forms.compose import ComposeForm
from conversations.replies.forms.draft import DraftForm
from conversations.replies.forms.mail import written_mail
from conversations.replies.forms.provider_template import filled_template
from conversations.replies.selectors.moments import shown_moment
from conversations.replies.selectors.sending import SendingCheck
from conversations.replies.views.sending import check_of, warned


@require_POST
@signed_in
def compose(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a reply or add a note; the answer is the notice, empty when it is done."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    form = ComposeForm(request.POST, zone=conversation.account.time_zone)
    if not form.is_valid():
        return HttpResponse(status=400)
    keys = request.POST.getlist("file")
    try:
        written = form.cleaned_data | _of_template(conversation, request.POST)
        check = check_of(conversation, written, has_files=bool(keys))
        if check.stops(written["confirmed"]):
            return warned(request, check)
        sent = _carried_out(conversation, member, written, request.POST, check)
    except RefusalError as refusal:
        return _refused(request, refusal)
    response = render(request, "replies/_composer_notice.jinja", {}, status=201)
    return trigger_client_event(response, "composer-sent", sent)


def _sent(message: Message, followed: Followed | None) -> dict[str, Any]:
    """What the composer receives; `undo` is where the message can be taken back, if at all.

    `inquiry` is what was done to that with it, and how it is given back.
    """
    can_undo = message.held_until or message.kind == MessageKind.NOTE
    ids = [message.conversation_id, message.pk]
    return {
        "kind": "note" if message.kind == MessageKind.NOTE else "reply",
        "message": message.pk,
        "client": str(message.client_id),
        "undo": reverse("desk:withdraw", args=ids) if can_undo else "",
        "inquiry": _given_back(followed),
    }


def _given_back(followed: Followed | None) -> dict[str, str] | None:
    if followed is None:
        return None
    path = reverse("desk:undo", args=[followed.inquiry.pk])
    return {"text": followed.text, "undo": path, "token": followed.token}


def _of_template(conversation: Conversation, posted: QueryDict) -> dict[str, Any]:
    """The text, and what it is sent by, where a template of the provider was chosen.

    Raises RefusalError.
    """
    files = len(posted.getlist("file"))
    if posted.get("kind") != "reply":
        return {}
    filled = filled_template(conversation, posted, files=files)
    return {"body": filled.body, "data": filled.data} if filled else {}


@transaction.atomic
def _send(
    conversation: Conversation,
    member: Membership,
    written: dict[str, Any],
    post: QueryDict,
    check: SendingCheck,
    after: AfterSend | None,
) -> tuple[Message, Followed | None]:
    """With a record of the warnings that did not stop it. Raises RefusalError.

    What comes after it is done once, however often the message arrives.
    """
    is_new = after is not None and _is_new(conversation, written["client_id"])
    message = _write(conversation, member, written, post)
    kinds = [warning.kind for warning in check.warnings]
    record_ignored_warnings(message, actor=member.user, kinds=kinds)
    if message.state == DeliveryState.QUEUED:
        enqueue(deliver, message.pk, after=settings.UNDO_SECONDS)
    if after is None or not is_new or message.inquiry_id is None:
        return message, None
    return message, follow(message.inquiry_id, after, actor=member.user)


def _is_new(conversation: Conversation, client_id: UUID) -> bool:
    """Under the lock of the conversation: of two that arrive at once one waits."""
    return not lock(conversation).messages.filter(client_id=client_id).exists()


def _carried_out(
    conversation: Conversation,
    member: Membership,
    written: dict[str, Any],
    post: QueryDict,
    check: SendingCheck,
) -> dict[str, Any]:
    """At once, or at the time that was chosen. Raises RefusalError."""
    if written["send_at"] and written["kind"] == "reply":
        return _scheduled(conversation, member, written, post)
    after = after_send(conversation, post)
    return _sent(*_send(conversation, member, written, post, check, after))


def _scheduled(
    conversation: Conversation,
    member: Membership,
    written: dict[str, Any],
    post: QueryDict,
) -> dict[str, Any]:
    """`undo` makes it a draft again. Raises RefusalError."""
    reply = Written(
        written["body"],
        post.getlist("file"),
        written["via"],
        written["quoted"],
        written.get("data") or written_mail(post),
    )
    named = ("send_at", "yields", "draft_body", "beside")
    row = schedule_reply(
        conversation,
        reply,
        Plan(**{name: written[name] for name in named}),
        member=member,
        client_id=written["client_id"],
        seen_message_id=written["seen"],
    )
    ids = [conversation.pk, row.pk] if row else []
    return {
        "kind": "reply",
        "message": 0,
        "client": str(written["client_id"]),
        "undo": reverse("desk:scheduled-edit", args=ids) if ids else "",
        "title": gettext("Scheduled: %(time)s")
        % {"time": shown_moment(written["send_at"])},
    }


def _write(
    conversation: Conversation,
    member: Membership,
    written: dict[str, Any],
    post: QueryDict,
) -> Message:
    """Raises RefusalError."""
    body, client_id = written["body"], written["client_id"]
    keys = post.getlist("file")
    if written["kind"] == "note":
        return add_note(
            conversation,
            member=member,
            body=body,
            client_id=client_id,
            file_keys=keys,
        )
    return send_reply(
        conversation,
        member=member,
        body=body,
        client_id=client_id,
        file_keys=keys,
        seen_message_id=written["seen"],
        via=written["via"],
        quotes=written["quoted"],
        data=written.get("data") or written_mail(post),
        held_for=timedelta(seconds=settings.UNDO_SECONDS),
    )


@require_POST
@signed_in
def draft(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep what was typed; a reply being typed also holds the right to answer."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    saved = save_draft(conversation, member=member, **form.to_save())
    if form.cleaned_data["kind"] == "note":
        return HttpResponse(status=204)
    if saved is None or not saved.is_written:
        give_back(conversation, member=member)
        events.agent_typing(conversation, is_typing=False)
        return HttpResponse(status=204)
    try:
        hold_lease(conversation, member=member)
    except LeaseHeldError as refusal:
        return _refused(request, refusal)
    events.agent_typing(conversation, is_typing=True)
    return HttpResponse(status=204)


@require_POST
@signed_in
def take_over(request: DeskRequest, pk: int) -> HttpResponse:
    """A supervisor takes another's right to answer; that member's draft stays."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.BREAK_LEASE, conversation.account_id)
    break_lease(conversation, member=member)
    return render(request, "replies/_composer_notice.jinja", {})


def _refused(request: DeskRequest, refusal: RefusalError) -> HttpResponse:
    is_sent = isinstance(refusal, AlreadySentError)
    is_conflict = is_sent or isinstance(refusal, LeaseHeldError | NewerMessageError)
    response = render(
        request,
        "replies/_composer_notice.jinja",
        {"text": str(refusal), "tone": "warning" if is_conflict else "danger"},
        status=STATUS_CONFLICT if is_conflict else STATUS_INVALID,
    )
    return trigger_client_event(
        response, "composer-refused", {"isSent": is_sent}, after="swap"
    )
