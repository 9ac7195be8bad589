"""A thread that holds every kind of message, as the channels will bring them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from conversations.choices import (
    AttemptOutcome,
    Channel,
    DeliveryState,
    Direction,
    FailureCode,
    FileState,
    MessageContent,
    MessageKind,
    ThreadEvent,
)
from conversations.messages.change import edit_text, set_reaction
from conversations.models import (
    Attachment,
    Delivery,
    DeliveryAttempt,
    InboxConnection,
    Message,
    Reach,
)
from tests.factories.conversations import InboxFactory
from tests.factories.customers import IdentityFactory
from tests.factories.file_bytes import pdf, picture

LINE_USER = "U" + "0123456789abcdef" * 2


def line_of(conversation, *, name="LINE公式", reach=None, **connection):
    """A live LINE inbox that has met the customer. Returns the inbox and its reach."""
    inbox = InboxFactory(account=conversation.account, channel=Channel.LINE, name=name)
    InboxConnection.objects.create(inbox=inbox, **connection)
    identity = IdentityFactory(
        customer=conversation.customer, kind="line", value=LINE_USER
    )
    return inbox, Reach.objects.create(
        account=conversation.account, inbox=inbox, identity=identity, **(reach or {})
    )


def inbound_message(
    conversation, inbox, body="", *, identity=None, minutes=0, **fields
):
    """A message of the customer."""
    return Message.objects.create(
        account=conversation.account,
        conversation=conversation,
        inbox=inbox,
        channel=inbox.channel,
        identity=identity,
        kind=MessageKind.TEXT,
        direction=Direction.INBOUND,
        body=body,
        provider_message_id=uuid4().hex,
        occurred_at=timezone.now() - timedelta(minutes=minutes),
        **fields,
    )


def outbound_message(
    conversation, reach, body="", *, state=DeliveryState.SENT, minutes=0, **fields
):
    """A reply by a provider, with its delivery and one attempt."""
    message = Message.objects.create(
        account=conversation.account,
        conversation=conversation,
        inbox=reach.inbox,
        channel=reach.inbox.channel,
        identity=reach.identity,
        kind=MessageKind.TEXT,
        direction=Direction.OUTBOUND,
        body=body,
        state=state,
        occurred_at=timezone.now() - timedelta(minutes=minutes),
        **fields,
    )
    delivery = Delivery.objects.create(
        account=conversation.account,
        message=message,
        inbox=reach.inbox,
        number=0,
        state=state,
        failure=message.failure,
        failure_detail=message.failure_detail,
    )
    DeliveryAttempt.objects.create(
        delivery=delivery,
        at=message.occurred_at,
        duration_ms=182,
        outcome=AttemptOutcome.PERMANENT if message.failure else "accepted",
        status=400 if message.failure else 200,
        code=message.failure,
        detail=message.failure_detail,
    )
    return message


def file_of(message, content=b"", *, name, content_type, **fields) -> Attachment:
    attachment = Attachment(
        account=message.account,
        conversation=message.conversation,
        message=message,
        name=name,
        content_type=content_type,
        size=len(content),
        **fields,
    )
    if content:
        attachment.file.save(f"t/{uuid4().hex}", ContentFile(content), save=False)
    attachment.save()
    return attachment


def _texts(conversation, inbox, who):
    question = inbound_message(
        conversation, inbox, "在庫はありますか？", minutes=59, **who
    )
    changed = inbound_message(conversation, inbox, "青のSサイズ", minutes=58, **who)
    edited_at = datetime(2026, 11, 25, 1, tzinfo=UTC)
    edit_text(changed, "青のMサイズをお願いします", at=edited_at)
    set_reaction(changed, "customer", "👍", at=edited_at)
    inbound_message(
        conversation, inbox, "", minutes=57, removed_at=timezone.now(), **who
    )
    speaker = {"speaker": {"name": "前田 光"}, "to_check": "Arrived late"}
    inbound_message(
        conversation, inbox, "わたしも欲しいです", minutes=56, data=speaker, **who
    )
    return question


_CONTENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        MessageContent.LOCATION,
        {
            "location": {
                "title": "新宿店",
                "address": "東京都新宿区西新宿1-1-1",
                "latitude": 35.6896,
                "longitude": 139.7006,
            }
        },
    ),
    (
        MessageContent.STICKER,
        {"sticker": {"keywords": ["ありがとう", "笑顔", "うれしい"]}},
    ),
    (
        MessageContent.CONTACT,
        {
            "contacts": [
                {
                    "name": "山田 次郎",
                    "phones": ["+81 90-0000-0000"],
                    "organisation": "家族",
                }
            ]
        },
    ),
    (MessageContent.STORY, {"story": {"url": "https://example.com/story"}}),
    (
        MessageContent.SHARE,
        {"share": {"url": "https://example.com/post", "title": "新作ニット"}},
    ),
    (
        MessageContent.CHOICE,
        {"choice": {"label": "返品したい", "description": "未使用の商品"}},
    ),
    (
        MessageContent.ORDER,
        {
            "order": {
                "lines": [
                    {
                        "name": "リネンシャツ",
                        "quantity": 2,
                        "price": "12800",
                        "currency": "JPY",
                    }
                ]
            }
        },
    ),
    (MessageContent.ENCRYPTED, {}),
    (MessageContent.UNSUPPORTED, {}),
)


def _files(conversation, inbox, who):
    message = inbound_message(
        conversation, inbox, "写真です", minutes=40, content="image", **who
    )
    for name, colour in (("青.jpg", "#5b8def"), ("赤.jpg", "#c65353")):
        file_of(
            message,
            picture(colour=colour),
            name=name,
            content_type="image/jpeg",
            width=640,
            height=400,
        )
    more = inbound_message(conversation, inbox, "", minutes=39, content="file", **who)
    file_of(more, pdf(), name="納品書.pdf", content_type="application/pdf")
    file_of(more, b"ID3" + b"0" * 64, name="声.mp3", content_type="audio/mpeg")
    file_of(more, b"0" * 64, name="動画.mp4", content_type="video/mp4")
    file_of(more, b"0" * 64, name="写真.heic", content_type="image/heic")
    waiting = {"state": FileState.WAITING, "source": {"kind": "image"}}
    file_of(more, name="image.jpg", content_type="image/jpeg", **waiting)
    file_of(more, name="video.mp4", content_type="", state=FileState.FAILED)


def _replies(conversation, reach, question, agent):
    for minutes, state in enumerate(
        ("queued", "sending", "sent", "delivered", "read"), 20
    ):
        outbound_message(
            conversation,
            reach,
            f"{state}の返信です",
            state=state,
            minutes=minutes,
            author=agent,
            data={"quoted": question.provider_message_id} if state == "read" else {},
        )
    outbound_message(
        conversation,
        reach,
        "集荷伝票をお送りします。",
        state=DeliveryState.FAILED,
        minutes=10,
        author=agent,
        failure=FailureCode.BLOCKED,
        failure_detail="The user hasn't added the LINE Official Account.",
    )
    outbound_message(
        conversation,
        reach,
        "集荷の日時をお知らせください。",
        state=DeliveryState.UNKNOWN,
        minutes=9,
        author=agent,
    )
    outbound_message(
        conversation, reach, "店頭から返信", minutes=8, data={"elsewhere": True}
    )


def every_kind(conversation, reach, agent) -> None:
    """One message of each kind, on the inbox of `reach`."""
    inbox, who = reach.inbox, {"identity": reach.identity}
    question = _texts(conversation, inbox, who)
    for number, (content, data) in enumerate(_CONTENTS):
        inbound_message(
            conversation,
            inbox,
            "",
            minutes=55 - number,
            content=content,
            data=data,
            **who,
        )
    _files(conversation, inbox, who)
    _replies(conversation, reach, question, agent)
    for event, after in (
        (ThreadEvent.FOLLOWED, {}),
        (ThreadEvent.POSTBACK, {"label": "配送状況を見る"}),
        (ThreadEvent.ADDRESS_CHANGED, {"before": "+8190…01", "value": "+8190…02"}),
        (ThreadEvent.TO_CHECK, {"reason": "Arrived late"}),
    ):
        Message.objects.create(
            account=conversation.account,
            conversation=conversation,
            kind=MessageKind.SYSTEM,
            direction=Direction.INTERNAL,
            event=event,
            data={"before": {}, "after": after},
        )
    inbound_message(
        conversation, inbox, "明日の午前中でお願いします", is_late=True, **who
    )
