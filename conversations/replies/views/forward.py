"""The dialog that passes a mail on to somebody outside."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from agentdesk.accounts.models import Membership
from agentdesk.accounts.roles import Permission
from agentdesk.jobs.queueing import enqueue
from agentdesk.web.http import STATUS_INVALID, DeskRequest, signed_in, toast
from conversations.exceptions import RefusalError
from conversations.inquiries.views.visible import visible_conversation
from conversations.messages.store_file import copies_for, store_draft_file
from conversations.models import Message
from conversations.outbound.tasks import deliver
from conversations.replies.actions.forward_mail import forward_mail
from conversations.replies.forms.mail import ForwardForm


@require_http_methods(["GET", "POST"])
@signed_in
def forward(request: DeskRequest, pk: int, message_pk: int) -> HttpResponse:
    """The form; a POST sends, and what is refused is the form again."""
    conversation = visible_conversation(request, pk)
    member = request.access.require(Permission.REPLY, conversation.account_id)
    mails = Message.objects.mails().filter(conversation=conversation)
    source = get_object_or_404(mails.select_related("inbox"), pk=message_pk)
    form = ForwardForm(request.POST or None, request.FILES or None, source=source)
    if request.method == "POST" and form.is_valid() and _sent(form, source, member):
        response = trigger_client_event(HttpResponse(status=204), "close-dialog")
        return toast(response, _("Forwarded."))
    return render(
        request,
        "desk/mail/_forward_dialog.html",
        {"form": form, "source": source},
        status=STATUS_INVALID if form.errors else 200,
    )


def _sent(form: ForwardForm, source: Message, member: Membership) -> bool:
    """False: it was refused, and the form says why."""
    files = copies_for(source, member) if form.cleaned_data["with_files"] else []
    try:
        for upload in form.cleaned_data["more_files"]:
            files.append(
                store_draft_file(
                    upload,
                    conversation=source.conversation,
                    member=member,
                    is_internal=False,
                )
            )
        message = forward_mail(source, form.written(), member=member, attachments=files)
    except RefusalError as refusal:
        form.add_error(None, str(refusal))
        return False
    enqueue(deliver, message.pk)
    return True
