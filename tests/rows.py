"""One row of everything an account has, by the beginning of the routes that name it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from agentdesk.accounts.models import (
    ClientAccount,
    ClosedDay,
    Invitation,
    Membership,
)
from conversations.choices import Channel
from conversations.models import (
    Attachment,
    Call,
    FollowUp,
    Inbox,
    InboxApiKey,
    InboxConnection,
    Joining,
    Message,
    Notification,
    ProviderEvent,
    ScheduledReply,
)
from customers.models import AttributeDefinition, MemberRank
from tests.conversations.phone import phone_inbox_of
from tests.factories.conversations import (
    ContactReasonFactory,
    ConversationFactory,
    InboxFactory,
    TemplateFactory,
)
from tests.factories.customers import (
    ClaimFactory,
    CustomerFactory,
    IdentityFactory,
    OrderFactory,
)
from tests.receiving import receive_message

SECRET = "漏洩してはならない"


def one_of_everything(
    account: ClientAccount, agent: Membership, webchat: Inbox
) -> dict[str, Any]:
    """Whatever can be read in these rows carries SECRET."""
    phone = phone_inbox_of(account, webchat.queue)
    own, now = {"account": account}, timezone.now()
    connected = InboxFactory(**own, queue=webchat.queue, channel="line", name=SECRET)
    InboxConnection.objects.create(inbox=connected, greeting=SECRET)
    mailbox = InboxFactory(account=account, queue=webchat.queue, channel=Channel.EMAIL)
    InboxConnection.objects.create(inbox=mailbox, settings={"kind": "google"})
    settings_rows = {
        "mailboxes": mailbox,
        "reasons": ContactReasonFactory(**own, name=SECRET),
        "templates": TemplateFactory(**own, name=SECRET, body=SECRET),
        "webchats": webchat,
        "phones": phone,
        "hours": ClosedDay.objects.create(**own, day=now.date(), name=SECRET),
        "ranks": MemberRank.objects.create(**own, name=SECRET),
        "attributes": AttributeDefinition.objects.create(
            **own, key="size", label=SECRET
        ),
        "people/invitations": Invitation.objects.create(
            **own, token_hash="x" * 64, expires_at=now + timedelta(days=1)
        ),
        "people": agent,
        "inboxes": connected,
        "quarantine": ProviderEvent.objects.create(
            **own,
            inbox=connected,
            provider_event_id="set-aside",
            body=SECRET.encode(),
            state="quarantined",
            reason=SECRET,
        ),
    }
    key = InboxApiKey.objects.create(inbox=phone, prefix="abc", key_hash="y" * 64)
    below = {f"settings/<slug:slug>/{name}": row for name, row in settings_rows.items()}
    message = _message_in(webchat)
    return _desk_rows(agent, message, phone) | below | {"key": key}


def _message_in(webchat: Inbox) -> Message:
    customer = CustomerFactory(
        account=webchat.account,
        family_name="秘匿",
        given_name=SECRET,
        caution=SECRET,
    )
    return receive_message(
        customer,
        inbox=webchat,
        channel=Channel.WEBCHAT,
        body=SECRET,
    ).message


def _file_of(message: Message) -> Attachment:
    file = ContentFile(SECRET.encode(), "a.txt")
    return Attachment.objects.create(
        account=message.account,
        conversation=message.conversation,
        message=message,
        file=file,
        name="a.txt",
        content_type="text/plain",
        size=file.size,
    )


def _desk_rows(agent: Membership, message: Message, phone: Inbox) -> dict[str, Any]:
    conversation, now = message.conversation, timezone.now()
    held = {"account": agent.account, "conversation": conversation}
    customer = conversation.customer
    return {
        "calls/follow-ups": FollowUp.objects.create(
            **held, owner=agent, text=SECRET, due_at=now
        ),
        "calls": Call.objects.create(
            **held, inbox=phone, member=agent, answered_at=now
        ),
        "conversations": conversation,
        "inquiries": message.inquiry,
        "notifications": Notification.objects.create(
            **held, member=agent, kind="mention"
        ),
        "customers/identities": IdentityFactory(customer=customer),
        "customers/claims": (claim := ClaimFactory(customer=customer)),
        "claims": claim,
        "customers/orders": OrderFactory(customer=customer, number=SECRET),
        "customers": customer,
        "message": message,
        "scheduled": ScheduledReply.objects.create(
            **held, author=agent, client_id=uuid4(), send_at=now, body=SECRET
        ),
        "joining": Joining.objects.create(
            account=agent.account,
            identity=IdentityFactory(customer=customer, value="+81311112222"),
            earlier=conversation,
            later=ConversationFactory(customer__account=agent.account),
            shop_id=SECRET,
        ),
        "file": _file_of(message),
    }
