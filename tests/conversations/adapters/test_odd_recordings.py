"""What providers also send: nulls, halves, kinds nobody has heard of.

Nothing of it is lost, answered with an error, or taken for somebody else's.
"""

import copy
import json

import pytest

from conversations.adapters.base import Connection, WebhookRequest
from conversations.adapters.failures import InvalidPayloadError, UnknownEventError
from conversations.adapters.registry import ADAPTERS
from conversations.choices import EventState, MessageContent
from conversations.models import InboxConnection, ProviderEvent
from conversations.outbound.reply_options import reply_options
from customers.models import Identity
from tests.conversations.meta import replies
from tests.conversations.providers import (
    PROVIDERS,
    line,
    messenger,
    sms,
    whatsapp,
    x,
)
from tests.conversations.providers.meta import encoded
from tests.conversations.recordings import post, received, shown, states
from tests.payloads import recorded

pytestmark = pytest.mark.django_db(transaction=True)
JSON = ["instagram", "line", "messenger", "whatsapp", "x"]


@pytest.fixture
def inbox(request, account, queue):
    return PROVIDERS[request.param].connected(account, queue)


def of(channel):
    return pytest.mark.parametrize("inbox", [channel], indirect=True)


# --- nulls ---
def _places(value, path=()):
    items = value.items() if isinstance(value, dict) else ()
    for name, one in list(items) + list(
        enumerate(value if type(value) is list else ())
    ):
        yield (*path, name)
        yield from _places(one, (*path, name))


def _without(payload, place, *, null):
    payload = copy.deepcopy(payload)
    holder = payload
    for step in place[:-1]:
        holder = holder[step]
    if null:
        holder[place[-1]] = None
    else:
        del holder[place[-1]]
    return json.dumps(payload).encode()


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
        payload = json.loads(path.read_bytes())
        for place in _places(payload):
            name = tuple(step for step in place if isinstance(step, str))
            if type(place[-1]) is int or name in seen or name[-1] == "type":
                continue
            seen.add(name)
            missing = _understood(adapter, _without(payload, place, null=False))
            if missing is not None:
                assert _understood(adapter, _without(payload, place, null=True)), place
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
    assert received().get().body == "届きます"
    assert states() == [EventState.QUARANTINED] * 5 + [EventState.PROCESSED]


@of("whatsapp")
def test_an_odd_change_holds_no_other_up(inbox):
    payload = json.loads(whatsapp.write("届きます"))
    payload["entry"][0]["changes"][:0] = [{"field": "messages"}, "change"]
    payload["entry"].append({"id": whatsapp.ACCOUNT})
    post(inbox, encoded(payload))
    assert received().get().body == "届きます"
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
    assert received().last().data["location"]["longitude"] == 139.39864243197385


@of("line")
def test_who_speaks_in_an_unknown_kind_of_place_is_not_answered_in_private(inbox):
    event = line.event(message={"type": "text", "id": "1", "text": "みなさん"})
    event["source"] = {"type": "square", "userId": line.USER, "squareId": "S1"}
    post(inbox, line.body_of(event))
    assert states() == [EventState.QUARANTINED]
    assert not Identity.objects.exists()


@of("line")
def test_what_another_system_answers_is_shown_and_not_greeted(inbox, agent, client_of):
    InboxConnection.objects.filter(pk=inbox.pk).update(greeting="ありがとうございます")
    message = {"type": "text", "id": "1", "text": "担当者はいますか"}
    post(inbox, line.body_of(line.event(message=message) | {"mode": "standby"}))
    assert received().get().body == "担当者はいますか"
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
    assert [one.content for one in received()] == list(kinds)


@of("line")
def test_what_a_customer_does_is_told_with_what_it_was(inbox, agent, client_of):
    picked = {"data": "action=pickup", "params": {"datetime": "2026-11-30T10:00"}}
    events = (
        line.event("postback", postback=picked),
        line.event("membership", membership={"type": "renewed", "membershipId": 3}),
        line.event("beacon", beacon={"type": "enter", "hwid": "d41d8cd98f"}),
        line.event("videoPlayComplete", videoPlayComplete={"trackingId": "sale-11"}),
    )
    post(inbox, line.body_of(*events))
    page = shown(client_of, agent)
    for words in ("action=pickup ・ 2026-11-30T10:00", "d41d8cd98f", "sale-11"):
        assert words in page
    assert "メンバーシップが変わりました: 更新" in page


@of("line")
def test_a_new_kind_of_message_is_named(inbox, agent, client_of):
    post(inbox, line.body_of(line.event(message={"type": "hologram", "id": "1"})))
    page = shown(client_of, agent)
    assert "この種類のメッセージはここでは表示できません" in page
    assert "(hologram)" in page


# --- SMS ---
@of("sms")
def test_a_receipt_of_a_messaging_service_names_no_number_yet(inbox):
    fields = {
        "SmsSid": sms.SID,
        "MessageSid": sms.SID,
        "SmsStatus": "accepted",
        "MessageStatus": "accepted",
        "MessagingServiceSid": "MG" + "0" * 32,
        "To": sms.CUSTOMER,
        "AccountSid": sms.ACCOUNT,
    }
    post(inbox, sms.form(**fields))
    assert states() == [EventState.PROCESSED]


@of("sms")
def test_a_message_that_tells_its_state_is_a_message(inbox):
    post(inbox, sms.write("こんにちは", MessageStatus="received"))
    assert received().get().body == "こんにちは"


@of("sms")
def test_a_sender_with_a_name_for_a_number_cannot_be_answered(inbox):
    post(inbox, sms.write("認証コードは 1234 です", sender="KURONEKO"))
    (way,) = reply_options(received().get().conversation).options
    assert way.closed == "unreachable"


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
    first, last = received()
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
