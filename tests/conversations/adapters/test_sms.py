"""Text messages: what becomes of a reply, and what a STOP means."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from conversations.choices import ClosedReason, DeliveryState
from conversations.models import Delivery, Message, ProviderEvent, Reach
from conversations.outbound.reply_options import reply_options
from customers.models import Customer
from tests.conversations.providers import sms
from tests.conversations.providers.sms import CUSTOMER, PROVIDER, SID, receipt, write
from tests.factories.conversations import ConversationFactory
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)
RECEIPTS = Path(__file__).parents[2] / "payloads" / "sms" / "receipts"
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


def twilio(httpserver, status=201, body=None):
    path = f"/sms/2010-04-01/Accounts/{sms.ACCOUNT}/Messages.json"
    answer = {"sid": SID, "status": "queued"} if body is None else body
    httpserver.expect_request(path, method="POST").respond_with_json(
        answer, status=status
    )


def sent() -> Message:
    return Message.objects.get(direction="outbound", kind="text")


# --- messages ---
def test_a_text_joins_the_customer_who_called_from_that_number(inbox, account):
    customer = CustomerFactory(account=account)
    IdentityFactory(customer=customer, value=CUSTOMER)
    PROVIDER.post(inbox, write("先ほど電話した者です"))
    message = Message.objects.get(kind="text")
    assert message.conversation.customer == customer
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "words"), [("image/jpeg", "[画像]"), ("application/pdf", "[ファイル]")]
)
def test_a_file_without_words_is_named_in_the_list(inbox, kind, words):
    media = {"NumMedia": "1", "MediaContentType0": kind, "MediaUrl0": f"{URL}/m/1"}
    PROVIDER.post(
        inbox, write("").replace(b"NumMedia=0&", b"") + b"&" + sms.form(**media)
    )
    assert Message.objects.get(kind="text").conversation.preview == words


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
    request = httpserver.log[0][0]
    assert request.form["To"] == CUSTOMER
    assert request.form["From"] == sms.NUMBER
    assert request.form["Body"] == "承りました。"
    assert request.form["SmartEncoded"] == "false"
    assert request.form["StatusCallback"] == f"{URL}/hooks/{inbox.key}/"
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
    body = {"code": code, "message": "Twilio's own words", "status": 400}
    twilio(httpserver, 400, body)
    reply(agent, Message.objects.get(kind="text").conversation)
    message = sent()
    assert (message.state, message.failure) == (DeliveryState.FAILED, failure)
    assert message.failure_detail == f"{code}: Twilio's own words"
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
