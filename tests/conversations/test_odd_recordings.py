"""What providers also send: nulls, halves, kinds nobody has heard of.

Nothing of it is lost, answered with an error, or taken for somebody else's.
"""

import copy
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.adapters.base import Connection, WebhookRequest
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import EventState, MessageContent
from conversations.models import Conversation, InboxConnection, Message, ProviderEvent
from conversations.selectors.reply_option import reply_options
from customers.models import Identity
from tests.conversations.meta import replies, reply, simulated
from tests.conversations.providers import (
    PROVIDERS,
    instagram,
    line,
    messenger,
    sms,
    whatsapp,
    x,
)
from tests.conversations.providers.meta import encoded
from tests.payloads import recorded

pytestmark = pytest.mark.django_db(transaction=True)
JSON = ["instagram", "line", "messenger", "whatsapp", "x"]


@pytest.fixture
def inbox(request, account, queue):
    return PROVIDERS[request.param].connected(account, queue)


def of(channel):
    return pytest.mark.parametrize("inbox", [channel], indirect=True)


def post(inbox, body):
    assert PROVIDERS[inbox.channel].post(inbox, body).status_code == 200


def heard():
    return Message.objects.filter(kind="text", direction="inbound").order_by("pk")


def states():
    return list(ProviderEvent.objects.order_by("pk").values_list("state", flat=True))


def shown(client_of, agent):
    url = reverse("desk:workspace", args=[Conversation.objects.get().pk])
    return client_of(agent).get(url).content.decode()


# --- nulls ---
def _places(value, path=()):
    items = value.items() if isinstance(value, dict) else ()
    for name, one in list(items) + list(
        enumerate(value if type(value) is list else ())
    ):
        yield (*path, name)
        yield from _places(one, (*path, name))


def _without(told, place, *, null):
    told = copy.deepcopy(told)
    holder = told
    for step in place[:-1]:
        holder = holder[step]
    if null:
        holder[place[-1]] = None
    else:
        del holder[place[-1]]
    return json.dumps(told).encode()


def _understood(adapter, body):
    """What is made of it; None where it is not understood."""
    try:
        events = adapter.split(WebhookRequest("POST", "/", {}, {}, body))
        return [adapter.parse(event.body) for event in events]
    except (InvalidPayloadError, UnknownEventError):
        return None


@pytest.mark.parametrize("channel", JSON)
def test_null_is_as_good_as_missing(channel):
    adapter = ADAPTERS[channel](Connection("key", settings=PROVIDERS[channel].settings))
    seen = set()
    for path in recorded(channel):
        told = json.loads(path.read_bytes())
        for place in _places(told):
            name = tuple(step for step in place if isinstance(step, str))
            if type(place[-1]) is int or name in seen or name[-1] == "type":
                continue
            seen.add(name)
            missing = _understood(adapter, _without(told, place, null=False))
            if missing is not None:
                assert _understood(adapter, _without(told, place, null=True)), place
    assert len(seen) > 20


# --- one odd thing among good ones ---
def test_an_odd_part_of_a_webhook_holds_nobody_else_up(account, queue):
    page = PROVIDERS["messenger"].connected(account, queue)
    good = json.loads(messenger.write("届きます"))["entry"][0]
    odd = [
        "entry",
        {"id": messenger.PAGE, "messaging": "text"},
        {"id": messenger.PAGE, "changes": [None, 3]},
        {"id": messenger.PAGE, "time": 1},
    ]
    post(page, encoded({"object": "page", "entry": [*odd, good]}))
    assert heard().get().body == "届きます"
    assert states() == [EventState.QUARANTINED] * 5 + [EventState.PROCESSED]


@of("whatsapp")
def test_an_odd_change_holds_no_other_up(inbox):
    told = json.loads(whatsapp.write("届きます"))
    told["entry"][0]["changes"][:0] = [{"field": "messages"}, "change"]
    told["entry"].append({"id": whatsapp.ACCOUNT})
    post(inbox, encoded(told))
    assert heard().get().body == "届きます"
    assert sorted(states()) == [EventState.PROCESSED, *[EventState.QUARANTINED] * 3]


# --- LINE ---
@of("line")
def test_a_place_is_no_card_number(inbox):
    """The digits after the point are what a card of 16 digits looks like."""
    at = {"latitude": 35.41111111111111, "longitude": 139.4111111111111111}
    place = {"type": "location", "id": "468789577898262530", "title": "ここ", **at}
    tokyo = {**place, "id": "468789577898262531", "longitude": 139.39864243197385}
    post(inbox, line.body_of(line.event(message=place), line.event(message=tokyo)))
    assert states() == [EventState.PROCESSED] * 2
    assert heard().last().data["location"]["longitude"] == 139.39864243197385


@of("line")
def test_who_speaks_in_an_unknown_kind_of_place_is_not_answered_in_private(inbox):
    told = line.event(message={"type": "text", "id": "1", "text": "みなさん"})
    told["source"] = {"type": "square", "userId": line.USER, "squareId": "S1"}
    post(inbox, line.body_of(told))
    assert states() == [EventState.QUARANTINED]
    assert not Identity.objects.exists()


@of("line")
def test_what_another_system_answers_is_shown_and_not_greeted(inbox, agent, client_of):
    InboxConnection.objects.filter(pk=inbox.pk).update(greeting="ありがとうございます")
    message = {"type": "text", "id": "1", "text": "担当者はいますか"}
    post(inbox, line.body_of(line.event(message=message) | {"mode": "standby"}))
    assert heard().get().body == "担当者はいますか"
    assert not replies().exists()
    assert "別のシステムが応対中です" in shown(client_of, agent)


@of("line")
def test_a_file_without_its_name_or_size_is_a_file(inbox):
    kinds = ("file", "image", "video", "audio", "sticker")
    post(
        inbox,
        line.body_of(
            *(
                line.event(message={"type": kind, "id": f"46878957789826254{at}"})
                for at, kind in enumerate(kinds)
            )
        ),
    )
    assert [one.content for one in heard()] == list(kinds)


@of("line")
def test_a_new_kind_of_message_is_named(inbox, agent, client_of):
    post(inbox, line.body_of(line.event(message={"type": "hologram", "id": "1"})))
    page = shown(client_of, agent)
    assert "この種類のメッセージはここでは表示できません" in page
    assert "(hologram)" in page


# --- Meta ---
@of("instagram")
def test_an_edit_without_its_text_changes_nothing(inbox):
    post(inbox, instagram.write("元の文", id="m1"))
    for edit in ({"mid": "m1", "num_edit": 0}, {"mid": "m1", "text": None}):
        post(inbox, instagram.body_of(instagram.event(message_edit=edit)))
    message = heard().get()
    assert message.body == "元の文"
    assert "earlier" not in message.data
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
    assert heard().get().data["reactions"] == {}


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
    assert [one.data["reactions"] for one in heard()] == [{"us": "❤"}] * 2
    assert replies().get().body == "どういたしまして"
    assert Conversation.objects.count() == 2


@of("messenger")
def test_a_message_of_nobody_waits_in_quarantine(inbox):
    message = {"mid": "m1", "text": "だれですか"}
    told = messenger.event(message=message)
    del told["sender"]
    post(inbox, messenger.body_of(told))
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
    assert [one.data["kind"] for one in heard()] == [
        "pin ・ Message type unknown",
        "call_permission_reply",
    ]


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
def test_an_edit_of_nothing_leaves_the_text(inbox):
    post(inbox, whatsapp.write("元の文", id="wamid.1"))
    edit = {"original_message_id": "wamid.1", "message": {"type": "hologram"}}
    post(inbox, whatsapp.body_of(messages=[whatsapp.message("edit", edit=edit)]))
    assert heard().get().body == "元の文"
    edit["message"] = {"type": "text", "text": {"body": "直した文"}}
    post(inbox, whatsapp.body_of(messages=[whatsapp.message("edit", edit=edit)]))
    assert heard().get().body == "直した文"


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
        told = Message.objects.filter(identity__value=group).order_by("pk")
        assert [one.data["speaker"]["name"] for one in told] == ["千尋", "実"]
        (way,) = reply_options(told[0].conversation).options
        assert way.address == "グループ"
        reply(agent, told[0].conversation, "みなさんへ")
        assert meta.sent(group)[0] | {"text": ""} == {
            **meta.sent(group)[0],
            "text": "",
            "recipient_type": "group",
            "to": group,
        }


# --- SMS ---
@of("sms")
def test_a_receipt_of_a_messaging_service_names_no_number_yet(inbox):
    told = {
        "SmsSid": sms.SID,
        "MessageSid": sms.SID,
        "SmsStatus": "accepted",
        "MessageStatus": "accepted",
        "MessagingServiceSid": "MG" + "0" * 32,
        "To": sms.CUSTOMER,
        "AccountSid": sms.ACCOUNT,
    }
    post(inbox, sms.form(**told))
    assert states() == [EventState.PROCESSED]


@of("sms")
def test_a_message_that_tells_its_state_is_a_message(inbox):
    post(inbox, sms.write("こんにちは", MessageStatus="received"))
    assert heard().get().body == "こんにちは"


# --- X ---
@of("x")
def test_a_place_and_an_unknown_attachment_are_no_empty_messages(inbox):
    point = {"coordinates": {"type": "Point", "coordinates": [139.7016, 35.658]}}
    place = {
        "type": "location",
        "location": {"type": "shared_coordinate", "shared_coordinate": point},
    }
    post(inbox, x.body_of(x.message("", attachment=place)))
    post(inbox, x.body_of(x.message("", attachment={"type": "hologram"})))
    first, last = heard()
    assert first.data["location"] == {"longitude": 139.7016, "latitude": 35.658}
    assert (first.content, last.content) == (
        MessageContent.LOCATION,
        MessageContent.UNSUPPORTED,
    )
    assert last.data["kind"] == "hologram"


@pytest.mark.parametrize("inbox", ["x", "sms"], indirect=True)
def test_why_it_was_not_understood_quotes_no_customer(inbox):
    bodies = {
        "x": x.body_of(x.message("ひみつの話") | {"created_timestamp": "ひみつ"}),
        "sms": sms.write("ひみつの話", OptOutType="x", sender="ひみつ" * 60),
    }
    post(inbox, bodies[inbox.channel])
    event = ProviderEvent.objects.get()
    assert event.state == EventState.QUARANTINED
    assert "ひみつ" not in event.reason
