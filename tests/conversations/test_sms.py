"""Text messages: whom we believe, what becomes of a reply, and what a STOP means."""

import hashlib
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from conversations.adapters.sms.signature import addresses
from conversations.choices import ClosedReason, DeliveryState
from conversations.models import Delivery, Message, ProviderEvent, Reach
from conversations.selectors.reply_option import reply_options
from customers.models import Customer
from tests.conversations.providers import sms
from tests.conversations.providers.sms import CUSTOMER, PROVIDER, SID, receipt, write
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)
RECEIPTS = Path(__file__).parent.parent / "payloads" / "sms" / "receipts"
URL = "https://desk.example.jp"


@pytest.fixture
def inbox(account, queue, settings, httpserver):
    settings.PUBLIC_URL = URL
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    return PROVIDER.connected(account, queue, api=True)


def reply(agent, conversation, body="承りました。", **more):
    http = Client()
    http.force_login(agent.user)
    return http.post(
        f"/conversations/{conversation.pk}/compose/",
        {"kind": "reply", "body": body, "client_id": str(uuid4()), **more},
    )


def twilio(httpserver, status=201, told=None):
    path = f"/sms/2010-04-01/Accounts/{sms.ACCOUNT}/Messages.json"
    answer = {"sid": SID, "status": "queued"} if told is None else told
    httpserver.expect_request(path, method="POST").respond_with_json(
        answer, status=status
    )


def sent() -> Message:
    return Message.objects.get(direction="outbound", kind="text")


# --- the signature ---
def test_what_is_signed_over_our_public_address_is_believed_behind_any_proxy(inbox):
    body = write("届きました")
    url = f"{URL}/hooks/{inbox.key}/"
    headers = sms.sign(body, url, PROVIDER.secrets)
    http = Client()
    hidden = {"HTTP_HOST": "localhost", "REMOTE_ADDR": "10.0.0.7"}
    kind = PROVIDER.content_type
    answer = http.post(
        f"/hooks/{inbox.key}/", body, content_type=kind, headers=headers, **hidden
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml"
    assert answer.content.endswith(b"<Response></Response>")


def test_a_host_that_the_request_itself_names_is_not_believed(inbox):
    body = write("偽物")
    forged = f"https://evil.example/hooks/{inbox.key}/"
    headers = {
        **sms.sign(body, forged, PROVIDER.secrets),
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Original-Host": "evil.example",
    }
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        body,
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 403
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("address", [URL, f"{URL}:443"])
def test_twilio_may_have_signed_with_the_port_or_without(inbox, address):
    body = write("ポート")
    headers = sms.sign(body, f"{address}/hooks/{inbox.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        body,
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 200


def test_the_query_of_the_address_is_signed_too(inbox):
    assert PROVIDER.post(inbox, write("一"), query="?line=2").status_code == 200
    body = write("二")
    headers = sms.sign(body, f"{URL}/hooks/{inbox.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/?line=2",
        body,
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("signature", ["", "署名", "x" * 5000])
def test_a_senseless_signature_is_refused(inbox, signature):
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        write("x"),
        content_type=PROVIDER.content_type,
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 403


def test_a_changed_field_breaks_the_signature(inbox):
    body = write("1000円")
    headers = sms.sign(body, f"{URL}/hooks/{inbox.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        body.replace(b"1000", b"9000"),
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(("tampered", "status"), [(False, 200), (True, 403)])
def test_a_json_body_is_believed_by_its_digest_alone(inbox, tampered, status):
    body = json.dumps({"MessageSid": SID, "From": CUSTOMER, "Body": "JSON"}).encode()
    query = f"?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = sms.sign(body, f"{URL}/hooks/{inbox.key}/{query}", PROVIDER.secrets)
    if tampered:
        body = body.replace(b"JSON", b"JSOF")
    answer = Client().post(
        f"/hooks/{inbox.key}/{query}",
        body,
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == status
    assert Message.objects.filter(kind="text").exists() is not tampered


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.jp/x?y=1", "https://a.jp:443/x?y=1"),
        ("https://a.jp:443/x", "https://a.jp/x"),
        ("http://a.jp/x", "http://a.jp:80/x"),
        ("https://user:pw@a.jp/x", "https://user:pw@a.jp:443/x"),
    ],
)
def test_an_address_has_two_ways_to_write_its_port(url, other):
    assert addresses(url) == [url, other]


# --- messages ---
def test_a_text_joins_the_customer_who_called_from_that_number(inbox, account):
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, value=CUSTOMER)
    PROVIDER.post(inbox, write("先ほど電話した者です"))
    message = Message.objects.get(kind="text")
    assert message.conversation.customer == customer
    assert Customer.objects.count() == 1


def test_a_card_number_is_cut_out_but_a_phone_number_is_not(inbox):
    german = "+4915112345678"
    PROVIDER.post(inbox, write("カードは 4242424242424242 です", sender=german))
    event = ProviderEvent.objects.get()
    assert b"4242424242424242" not in bytes(event.body)
    assert Message.objects.get(kind="text").identity.value == german


# --- consent ---
def test_stop_closes_the_way_to_the_customer_and_start_opens_it(inbox):
    PROVIDER.post(inbox, write("こんにちは"))
    PROVIDER.post(inbox, write(" Stop "))
    reach = Reach.objects.get()
    assert reach.closed_reason == ClosedReason.OPTED_OUT
    conversation = Message.objects.filter(kind="text").first().conversation
    assert [one.closed for one in reply_options(conversation).options] == ["opted_out"]
    assert Message.objects.filter(kind="text").count() == 2
    PROVIDER.post(inbox, write("やっぱり質問です"))
    reach.refresh_from_db()
    assert reach.closed_reason == ClosedReason.OPTED_OUT
    PROVIDER.post(inbox, write("START"))
    reach.refresh_from_db()
    assert reach.closed_reason == ""


def test_the_accounts_own_words_for_stop_are_taken_from_twilio(inbox):
    PROVIDER.post(inbox, write("配信停止", OptOutType="STOP"))
    assert Reach.objects.get().closed_reason == ClosedReason.OPTED_OUT


def test_a_sentence_with_stop_in_it_stops_nothing(inbox):
    PROVIDER.post(inbox, write("stop the delivery please"))
    assert Reach.objects.get().closed_reason == ""


# --- out ---
def test_an_agent_may_text_a_known_number_first(inbox, account, agent, httpserver):
    twilio(httpserver)
    customer = CustomerFactory(account=account)
    identity = IdentityFactory(customer=customer, value=CUSTOMER)
    conversation = ConversationFactory(customer=customer)
    answer = reply(agent, conversation, via=f"{inbox.pk}:{identity.pk}")
    assert answer.status_code == 201
    asked = httpserver.log[0][0]
    assert asked.form["To"] == CUSTOMER
    assert asked.form["From"] == sms.NUMBER
    assert asked.form["Body"] == "承りました。"
    assert asked.form["SmartEncoded"] == "false"
    assert asked.form["StatusCallback"] == f"{URL}/hooks/{inbox.key}/"
    assert sent().state == DeliveryState.SENT


def test_a_text_beyond_what_twilio_takes_is_refused_before_it_leaves(
    inbox, agent, httpserver
):
    PROVIDER.post(inbox, write("長い返事をください"))
    conversation = Message.objects.get(kind="text").conversation
    assert reply(agent, conversation, "あ" * 1601).status_code == 422
    assert not httpserver.log
    twilio(httpserver)
    assert reply(agent, conversation, "あ" * 1600).status_code == 201


@pytest.mark.parametrize(
    ("code", "failure", "closed"),
    [
        (21211, "recipient", "unreachable"),
        (21614, "recipient", "unreachable"),
        (21610, "opted_out", "opted_out"),
        (21408, "permission", ""),
        (21606, "set_up", ""),
        (21617, "too_long", ""),
        (99999, "refused", ""),
    ],
)
def test_twilios_refusal_is_told_and_closes_what_leads_nowhere(
    inbox, agent, httpserver, code, failure, closed
):
    PROVIDER.post(inbox, write("お願いします"))
    told = {"code": code, "message": "Twilio's own words", "status": 400}
    twilio(httpserver, 400, told)
    reply(agent, Message.objects.get(kind="text").conversation)
    message = sent()
    assert (message.state, message.failure) == (DeliveryState.FAILED, failure)
    assert message.data["failure_detail"] == f"{code}: Twilio's own words"
    assert Reach.objects.get().closed_reason == closed


def test_a_wrong_token_is_a_matter_of_the_sign_in(inbox, agent, httpserver):
    PROVIDER.post(inbox, write("お願いします"))
    twilio(httpserver, 401, {"code": 20003, "message": "Authenticate", "status": 401})
    reply(agent, Message.objects.get(kind="text").conversation)
    assert sent().failure == "credentials"


@pytest.fixture
def answered(inbox, agent, httpserver):
    PROVIDER.post(inbox, write("お願いします"))
    twilio(httpserver)
    reply(agent, Message.objects.get(kind="text").conversation)
    return inbox


@pytest.mark.parametrize(
    ("name", "state", "failure", "closed"),
    [
        ("queued", "sent", "", ""),
        ("sent", "sent", "", ""),
        ("delivered", "delivered", "", ""),
        ("undelivered-unknown-handset", "failed", "recipient", "unreachable"),
        ("undelivered-filtered", "failed", "spam", ""),
        ("failed-opted-out", "failed", "opted_out", "opted_out"),
    ],
)
def test_a_receipt_moves_the_reply_on(answered, name, state, failure, closed):
    body = (RECEIPTS / f"{name}.txt").read_bytes()
    assert PROVIDER.post(answered, body).status_code == 200
    assert (sent().state, sent().failure) == (state, failure)
    assert Reach.objects.get().closed_reason == closed
    assert ProviderEvent.objects.latest("pk").state == "processed"


def test_receipts_in_the_wrong_order_end_the_same(answered):
    for status in ("delivered", "sent", "queued", "delivered"):
        PROVIDER.post(answered, receipt(SID, status))
    assert sent().state == DeliveryState.DELIVERED
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
