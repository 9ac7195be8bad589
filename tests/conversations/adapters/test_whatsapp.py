"""WhatsApp: people with and without a number, statuses in any order."""

import pytest

from conversations.adapters.simulation.base import Fault
from conversations.adapters.simulation.samples import PICTURE
from conversations.choices import DeliveryState
from conversations.inbound.tasks import process_inbox
from conversations.models import (
    Attachment,
    Conversation,
    InboxConnection,
    Message,
    ProviderEvent,
    Reach,
)
from conversations.outbound.reply_options import reply_options
from customers.models import Customer, Identity
from tests.conversations.meta import replies, simulated
from tests.conversations.providers import PROVIDERS, whatsapp
from tests.conversations.simulated import reply
from tests.factories.customers import CustomerFactory, IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER, BSUID = whatsapp.NUMBER, whatsapp.BSUID


@pytest.fixture
def meta(account, queue, settings):
    with simulated("whatsapp", account, queue, settings) as played:
        yield played


@pytest.fixture
def inbox(account, queue):
    return PROVIDERS["whatsapp"].connected(account, queue)


def post(inbox, body):
    assert PROVIDERS["whatsapp"].post(inbox, body).status_code == 200


# --- who is who ---
def test_a_number_then_a_user_id_with_it_are_one_person(inbox):
    post(inbox, whatsapp.write("番号だけ"))
    post(inbox, whatsapp.write("番号と ID", user_id=BSUID))
    post(inbox, whatsapp.write("ID だけ", sender="", user_id=BSUID))
    assert Conversation.objects.count() == 1
    values = set(Identity.objects.values_list("kind", "value"))
    assert values == {
        ("whatsapp", BSUID),
        ("whatsapp", f"+{NUMBER}"),
        ("phone", f"+{NUMBER}"),
    }


def test_a_simulated_customer_has_a_name_that_bears_an_honorific(meta):
    customer = meta.write("こんにちは", person="2").conversation.customer
    assert customer.display_name == "ゲスト2"


def test_who_writes_is_who_has_phoned_from_that_number(inbox, account):
    caller = CustomerFactory(account=account)
    IdentityFactory(customer=caller, value=f"+{NUMBER}")
    post(inbox, whatsapp.write("先ほど電話した者です", user_id=BSUID))
    assert Conversation.objects.get().customer == caller


def test_a_number_given_to_somebody_else_brings_them_no_old_thread(inbox, agent):
    post(inbox, whatsapp.write("前の持ち主です", user_id="JP.111"))
    before = Conversation.objects.get()
    post(inbox, whatsapp.write("新しい持ち主です", user_id="JP.222"))
    after = Conversation.objects.exclude(pk=before.pk).get()
    assert [one.body for one in before.messages.filter(kind="text")] == [
        "前の持ち主です"
    ]
    numbers = Identity.objects.filter(value=f"+{NUMBER}")
    assert {one.customer for one in numbers} == {after.customer}
    for one, other in ((before, after), (after, before)):
        line = one.messages.get(event="to_check")
        assert line.data["after"]["conversation"] == other.pk
    [reach] = Reach.objects.filter(identity__customer=before.customer)
    assert reach.facts["number"] == ""
    post(inbox, whatsapp.write("前の持ち主の別の話", sender="", user_id="JP.111"))
    assert before.messages.filter(kind="text").count() == 2
    post(inbox, whatsapp.write("もう一度、新しい方", user_id="JP.222"))
    assert after.messages.filter(kind="text").count() == 2
    assert Customer.objects.count() == 2


def test_a_number_that_another_has_phoned_from_is_checked_never_joined(inbox, account):
    """The stable id is known by itself; then it tells a number of somebody else."""
    post(inbox, whatsapp.write("ID だけ", sender="", user_id=BSUID))
    caller = CustomerFactory(account=account)
    IdentityFactory(customer=caller, value=f"+{NUMBER}")
    post(inbox, whatsapp.write("番号も", user_id=BSUID))
    known = Conversation.objects.get(customer__identities__value=BSUID)
    assert known.customer != caller
    assert known.messages.filter(kind="text").count() == 2
    assert known.messages.filter(event="to_check").count() == 1
    assert caller.conversation.messages.filter(event="to_check").count() == 1


def test_a_number_that_looks_like_a_card_stays_a_number(inbox):
    number = "4917610000003"  # thirteen digits, as a Visa card once had
    post(inbox, whatsapp.write("Hallo", sender=number))
    assert Identity.objects.filter(kind="phone", value=f"+{number}").exists()


def test_one_person_is_offered_one_way_to_answer(inbox):
    post(inbox, whatsapp.write("こんにちは", user_id=BSUID))
    options = reply_options(Conversation.objects.get())
    assert [one.identity.value for one in options.options] == [BSUID]


def test_a_changed_number_keeps_the_conversation_and_the_window(meta, agent):
    question = meta.write("引っ越しました", person=NUMBER)
    meta.write("817011112222", person=NUMBER, kind="moves")
    assert Message.objects.filter(event="address_changed").count() == 1
    assert reply(agent, question.conversation, "承知しました。").status_code == 201
    assert replies().get().state == DeliveryState.SENT
    assert meta.sent("817011112222")[0]["to"] == "817011112222"
    meta.write("届きました", person="817011112222")
    assert (Conversation.objects.count(), Customer.objects.count()) == (1, 1)


def test_a_changed_user_id_keeps_the_conversation_and_the_window(meta, agent):
    question = meta.write("こんにちは", person="JP.111")
    meta.write("JP.222", person="JP.111", kind="moves")
    reply(agent, question.conversation)
    (sent,) = meta.sent("JP.222")
    assert (sent["recipient"], "to" in sent) == ("JP.222", False)
    meta.write("まだ私です", person="JP.222")
    assert Conversation.objects.count() == 1


def test_a_change_of_somebody_unknown_makes_no_trouble(inbox):
    system = {
        "type": "user_changed_user_id",
        "previous_user_id": "JP.1",
        "user_id": "JP.2",
    }
    message = whatsapp.message("system", sender="", system=system)
    post(inbox, whatsapp.body_of(messages=[message]))
    post(inbox, whatsapp.write("私です", sender="", user_id="JP.2"))
    assert Customer.objects.count() == 1


# --- out ---
@pytest.mark.parametrize("person", [NUMBER, "JP.13491208655302741918"])
def test_an_answer_reaches_a_number_or_a_user_id(meta, agent, person):
    question = meta.write("在庫はありますか", person=person)
    reply(agent, question.conversation, "はい https://shop.example.jp/")
    meta.catch_up()
    (sent,) = meta.sent(person)
    assert sent["to" if person == NUMBER else "recipient"] == person
    assert sent["text"] == {
        "body": "はい https://shop.example.jp/",
        "preview_url": True,
    }
    assert replies().get().state == DeliveryState.DELIVERED


def test_statuses_in_any_order_and_twice_end_at_the_furthest(inbox):
    """Of a reply that was written in the WhatsApp Business app, besides."""
    post(inbox, whatsapp.write("在庫は"))
    echo = whatsapp.message(id="wamid.app", sender="", text={"body": "ございます"})
    echo |= {"from": "81345678901", "to": NUMBER}
    post(inbox, whatsapp.body_of("smb_message_echoes", message_echoes=[echo]))
    assert replies().get().data["elsewhere"] is True
    for step in ("read", "sent", "delivered", "read", "sent"):
        post(inbox, whatsapp.status("wamid.app", step))
    message = replies().get()
    assert message.state == DeliveryState.READ
    assert message.read_at is not None


def test_scrambled_statuses_of_a_real_reply_end_at_read(meta, agent):
    meta.simulator.scramble = True
    question = meta.write("在庫は", person=NUMBER)
    reply(agent, question.conversation)
    meta.catch_up()
    assert replies().get().state == DeliveryState.READ


def test_a_status_settles_a_reply_whose_answer_was_lost(meta, agent):
    question = meta.write("在庫は", person=NUMBER)
    meta.simulator.faults.append(Fault(is_cut=True))
    reply(agent, question.conversation)
    assert replies().get().state == DeliveryState.UNKNOWN
    meta.catch_up()
    assert replies().get().state == DeliveryState.DELIVERED
    assert len(meta.sent(NUMBER)) == 1


def test_what_could_not_be_delivered_says_why(meta, agent):
    question = meta.write("在庫は", person=NUMBER)
    reply(agent, question.conversation)
    meta.simulator.following.clear()
    error = {"code": 131026, "title": "Message undeliverable"}
    status = whatsapp.status(
        replies().get().provider_message_id, "failed", errors=[error]
    )
    post(meta.inbox, status)
    message = replies().get()
    assert (message.state, message.failure) == (DeliveryState.FAILED, "recipient")
    assert message.failure_detail == "#131026 Message undeliverable"


def test_a_receipt_that_overtakes_our_own_request_waits(inbox):
    post(inbox, whatsapp.status("wamid.not-yet", "delivered"))
    event = ProviderEvent.objects.get()
    assert (event.state, bool(event.retry_at)) == ("pending", True)


# --- what comes in ---
def test_a_picture_is_fetched_in_two_steps(meta):
    message = meta.write(person=NUMBER, kind="image")
    stored = Attachment.objects.get(message=message)
    assert (stored.state, stored.file.read()) == ("ready", PICTURE)


def test_a_place_a_choice_and_what_is_taken_back(meta):
    place = meta.write("渋谷駅", person=NUMBER, kind="location")
    assert place.data["location"]["title"] == "渋谷駅"
    chosen = meta.write("はい", person=NUMBER, kind="choice")
    assert (chosen.body, chosen.data["choice"]["value"]) == ("はい", "1")
    meta.write(person=NUMBER, kind="unsend")
    chosen.refresh_from_db()
    assert chosen.removed_at is not None


def test_stopping_newsletters_is_noted_and_answers_go_on(meta, agent):
    question = meta.write("在庫は", person=NUMBER)
    preference = {
        "wa_id": NUMBER,
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": 1763971200,
    }
    post(
        meta.inbox, whatsapp.body_of("user_preferences", user_preferences=[preference])
    )
    assert Message.objects.filter(event="opted_out").exists()
    assert reply(agent, question.conversation).status_code == 201


def test_trouble_with_the_account_shows_on_the_inbox(inbox):
    ban = {"waba_ban_state": "DISABLE"}
    value = {"event": "DISABLED_UPDATE", "ban_info": ban}
    body = whatsapp.body_of("account_update", **value)
    post(inbox, body)
    connection = InboxConnection.objects.get(inbox=inbox)
    assert (connection.trouble, connection.trouble_detail) == (
        "permission",
        "DISABLED_UPDATE DISABLE",
    )


def test_news_that_one_trouble_is_over_leaves_the_other(inbox):
    value = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}
    post(inbox, whatsapp.body_of("account_update", **value))
    over = {"event": "UNFLAGGED", "current_limit": "TIER_1K"}
    post(inbox, whatsapp.body_of("phone_number_quality_update", **over))
    assert InboxConnection.objects.get(inbox=inbox).trouble == "permission"


def test_a_redelivered_event_that_was_processed_changes_nothing(inbox):
    body = whatsapp.write("一度だけ")
    post(inbox, body)
    post(inbox, body)
    event = ProviderEvent.objects.get()
    process_inbox(event.inbox_id)
    assert Message.objects.filter(kind="text").count() == 1
