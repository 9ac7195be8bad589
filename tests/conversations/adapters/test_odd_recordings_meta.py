"""What Meta's three channels also send: nothing of it is lost or somebody else's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.choices import EventState
from conversations.models import Conversation, Message
from conversations.outbound.reply_options import reply_options
from tests.conversations.meta import replies, simulated
from tests.conversations.providers import (
    PROVIDERS,
    instagram,
    messenger,
    whatsapp,
)
from tests.conversations.recordings import post, received, shown, states
from tests.conversations.simulated import reply
from tests.factories.changes import earlier_texts_of, reactions_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inbox(request, account, queue):
    return PROVIDERS[request.param].connected(account, queue)


def of(channel):
    return pytest.mark.parametrize("inbox", [channel], indirect=True)


# --- Messenger and Instagram ---
@of("instagram")
def test_an_edit_without_its_text_changes_nothing(inbox):
    post(inbox, instagram.write("元の文", id="m1"))
    for edit in ({"mid": "m1", "num_edit": 0}, {"mid": "m1", "text": None}):
        post(inbox, instagram.body_of(instagram.event(message_edit=edit)))
    message = received().get()
    assert message.body == "元の文"
    assert earlier_texts_of(message) == []
    assert states() == [EventState.PROCESSED, *[EventState.IGNORED] * 2]


@of("messenger")
def test_what_somebody_else_sends_by_our_app_is_shown(inbox):
    """Every message of ours bears a mark."""
    app = PROVIDERS["messenger"].settings["app_id"]
    post(inbox, messenger.write("在庫は"))
    post(inbox, messenger.echo(text="はい、ございます", app_id=int(app)))
    assert replies().get().data["elsewhere"] is True


@of("messenger")
def test_what_is_shown_of_a_message_says_what_is_left_out(inbox, agent, client_of):
    picture = {"type": "image", "payload": {"url": "https://example.com/a.jpg"}}
    odd, product = {"type": "hologram"}, {"elements": [{"title": "ニットカーディガン"}]}
    for attachments in (
        [picture, odd],
        [{"type": "template", "payload": {"product": product}}],
        [{"type": "template", "payload": {"template_type": "generic"}}],
        [odd],
    ):
        post(inbox, messenger.write(None, attachments=attachments))
    page = shown(client_of, agent)
    assert "表示できない部分があります: hologram" in page
    assert "ニットカーディガン" in page
    assert page.count("この種類のメッセージはここでは表示できません") == 2
    assert "(template)" in page
    assert "(hologram)" in page


@of("messenger")
def test_a_reaction_that_comes_late_undoes_nothing(inbox):
    post(inbox, messenger.write("ありがとう", id="m1"))
    now = timezone.now()
    for emoji, age in (("👍", 30), ("", 10), ("❤", 20)):
        reaction = {"mid": "m1", "action": "react" if emoji else "unreact"}
        event = messenger.event(
            at=now - timedelta(seconds=age), reaction={**reaction, "emoji": emoji}
        )
        post(inbox, messenger.body_of(event))
    assert reactions_of(received().get()) == {}


def test_what_we_do_in_metas_own_inbox_is_not_the_customers_doing(account, queue):
    page = PROVIDERS["instagram"].connected(account, queue)
    post(page, instagram.write("ありがとう", id="m1"))
    ours = {"sender": instagram.ACCOUNT, "recipient": instagram.IGSID}
    reaction = {"mid": "m1", "action": "react", "emoji": "❤"}
    post(page, instagram.body_of(instagram.event(reaction=reaction, **ours)))
    unmarked = {"mid": "m2", "text": "どういたしまして"}
    post(page, instagram.body_of(instagram.event(message=unmarked, **ours)))
    number = PROVIDERS["whatsapp"].connected(account, queue)
    post(number, whatsapp.write("助かりました", id="wamid.1"))
    echo = whatsapp.message(
        "reaction", sender="", reaction={"message_id": "wamid.1", "emoji": "❤"}
    ) | {"from": "81345678901", "to": whatsapp.NUMBER}
    post(number, whatsapp.body_of("smb_message_echoes", message_echoes=[echo]))
    assert [reactions_of(one) for one in received()] == [{"us": "❤"}] * 2
    assert replies().get().body == "どういたしまして"
    assert Conversation.objects.count() == 2


@of("messenger")
def test_a_message_of_nobody_waits_in_quarantine(inbox):
    message = {"mid": "m1", "text": "だれですか"}
    event = messenger.event(message=message)
    del event["sender"]
    post(inbox, messenger.body_of(event))
    assert states() == [EventState.QUARANTINED]


@of("whatsapp")
def test_where_a_message_came_from_is_told_beside_it(inbox, agent, client_of):
    referral = {
        "source_url": "https://fb.me/3cr4Wqqkv",
        "source_type": "ad",
        "source_id": "120226305854810726",
        "headline": "秋の新作",
        "ctwa_clid": "Aff-x",
    }
    context = {"forwarded": True, "referred_product": {"product_retailer_id": "KN-1"}}
    post(inbox, whatsapp.write("まだありますか", referral=referral, context=context))
    page = shown(client_of, agent)
    for words in ("秋の新作", "https://fb.me/3cr4Wqqkv", "転送", "商品 KN-1 について"):
        assert words in page


@of("messenger")
def test_who_came_by_an_advertisement_is_told_by_which(inbox, agent, client_of):
    referral = {"source": "ADS", "type": "OPEN_THREAD", "ref": "autumn-sale"}
    post(inbox, messenger.body_of(messenger.event(referral=referral)))
    assert "autumn-sale" in shown(client_of, agent)


# --- WhatsApp ---
@of("whatsapp")
def test_what_whatsapp_keeps_to_itself_is_named(inbox):
    errors = [{"code": 131051, "title": "Message type unknown"}]
    several = [
        whatsapp.message("unsupported", errors=errors, unsupported={"type": "pin"}),
        whatsapp.message("interactive", interactive={"type": "call_permission_reply"}),
    ]
    post(inbox, whatsapp.body_of(contacts=[whatsapp.contact()], messages=several))
    assert [one.data["kind"] for one in received()] == [
        "pin ・ Message type unknown",
        "call_permission_reply",
    ]


@of("whatsapp")
def test_several_of_one_post_stand_as_they_came_whatever_their_ids(inbox):
    several = [
        whatsapp.message(id=f"wamid.{name}", text={"body": name})
        for name in ("2", "10", "1")
    ]
    post(inbox, whatsapp.body_of(contacts=[whatsapp.contact()], messages=several))
    assert [one.body for one in received()] == ["2", "10", "1"]


@of("whatsapp")
def test_who_writes_before_the_change_of_number_is_told_is_named(
    inbox, agent, client_of
):
    """Two conversations by then: each leads to the other."""
    post(inbox, whatsapp.write("前の番号です"))
    post(inbox, whatsapp.write("新しい番号です", sender="817011112222"))
    system = {"type": "user_changed_number", "wa_id": "817011112222"}
    body = whatsapp.body_of(messages=[whatsapp.message("system", system=system)])
    for _time in range(2):
        post(inbox, body)
    lines = Message.objects.filter(event="to_check").order_by("pk")
    first, second = Conversation.objects.order_by("pk")
    assert [(one.conversation, one.data["after"]["conversation"]) for one in lines] == [
        (first, second.pk),
        (second, first.pk),
    ]
    url = reverse("desk:workspace", args=[first.pk])
    page = client_of(agent).get(url).content.decode()
    assert f"+{whatsapp.NUMBER} は +817011112222 に変わりましたが" in page


@of("whatsapp")
def test_a_reply_that_was_changed_elsewhere_shows_both_texts(inbox, agent, client_of):
    post(inbox, whatsapp.write("在庫は"))
    ours = {"from": "81345678901", "to": whatsapp.NUMBER}
    edit = {
        "original_message_id": "wamid.app",
        "message": {"type": "text", "text": {"body": "明日届きます"}},
    }
    for echo in (
        whatsapp.message(id="wamid.app", sender="", text={"body": "今日届きます"}),
        whatsapp.message("edit", sender="", edit=edit),
    ):
        body = whatsapp.body_of("smb_message_echoes", message_echoes=[echo | ours])
        post(inbox, body)
    page = shown(client_of, agent)
    assert "明日届きます" in page
    assert "今日届きます" in page


@of("whatsapp")
def test_an_edit_of_nothing_leaves_the_text(inbox):
    post(inbox, whatsapp.write("元の文", id="wamid.1"))
    edit = {"original_message_id": "wamid.1", "message": {"type": "hologram"}}
    post(inbox, whatsapp.body_of(messages=[whatsapp.message("edit", edit=edit)]))
    assert received().get().body == "元の文"
    edit["message"] = {"type": "text", "text": {"body": "直した文"}}
    post(inbox, whatsapp.body_of(messages=[whatsapp.message("edit", edit=edit)]))
    assert received().get().body == "直した文"


def test_a_group_is_kept_apart_and_answered_as_one(account, queue, settings, agent):
    group = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD"
    with simulated("whatsapp", account, queue, settings) as meta:
        post(meta.inbox, whatsapp.write("わたし個人の件"))
        for name, sender in (("千尋", whatsapp.NUMBER), ("実", "819011112222")):
            message = whatsapp.message(
                sender=sender, text={"body": f"{name}です"}, group_id=group
            )
            contacts = [whatsapp.contact(sender, name=name)]
            post(meta.inbox, whatsapp.body_of(contacts=contacts, messages=[message]))
        assert Conversation.objects.count() == 2
        messages = Message.objects.filter(identity__value=group).order_by("pk")
        assert [one.data["speaker"]["name"] for one in messages] == ["千尋", "実"]
        (way,) = reply_options(messages[0].conversation).options
        assert way.address == "グループ"
        reply(agent, messages[0].conversation, "みなさんへ")
        assert meta.sent(group)[0] | {"text": ""} == {
            **meta.sent(group)[0],
            "text": "",
            "recipient_type": "group",
            "to": group,
        }
