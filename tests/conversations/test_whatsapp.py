"""WhatsApp: people with and without a number, statuses in any order, templates."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from conversations.choices import DeliveryState
from conversations.models import (
    Attachment,
    Conversation,
    InboxConnection,
    Message,
    ProviderEvent,
    Reach,
)
from conversations.selectors.reply_option import reply_options
from conversations.simulators.base import Fault
from conversations.simulators.graph import PICTURE
from conversations.tasks import process_event, sweep_templates
from customers.models import Customer, Identity
from tests.conversations.meta import replies, reply, simulated
from tests.conversations.providers import PROVIDERS, whatsapp
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


def closed(meta, person=NUMBER):
    """A day has passed, here and at Meta."""
    long_ago = timezone.now() - timedelta(hours=25)
    Reach.objects.update(last_heard_at=long_ago)
    meta.simulator.heard[person] = long_ago


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


def test_who_writes_is_who_has_phoned_from_that_number(inbox, account):
    caller = CustomerFactory(account=account)
    IdentityFactory(customer=caller, value=f"+{NUMBER}")
    post(inbox, whatsapp.write("先ほど電話した者です", user_id=BSUID))
    assert Conversation.objects.get().customer == caller


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
    told = whatsapp.status(
        replies().get().provider_message_id, "failed", errors=[error]
    )
    post(meta.inbox, told)
    message = replies().get()
    assert (message.state, message.failure) == (DeliveryState.FAILED, "recipient")
    assert message.data["failure_detail"] == "#131026 Message undeliverable"


def test_a_receipt_that_overtakes_our_own_request_waits(inbox):
    post(inbox, whatsapp.status("wamid.not-yet", "delivered"))
    event = ProviderEvent.objects.get()
    assert (event.state, bool(event.retry_at)) == ("pending", True)


# --- what comes in ---
def test_a_picture_is_fetched_in_two_steps(meta):
    message = meta.write(person=NUMBER, kind="image")
    kept = Attachment.objects.get(message=message)
    assert (kept.state, kept.file.read()) == ("ready", PICTURE)


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
    told = {"wa_id": NUMBER, "category": "marketing_messages", "value": "stop"}
    told["timestamp"] = 1763971200
    post(meta.inbox, whatsapp.body_of("user_preferences", user_preferences=[told]))
    assert Message.objects.filter(event="opted_out").exists()
    assert reply(agent, question.conversation).status_code == 201


def test_trouble_with_the_account_shows_on_the_inbox(inbox):
    ban = {"waba_ban_state": "DISABLE"}
    value = {"event": "DISABLED_UPDATE", "ban_info": ban}
    body = whatsapp.body_of("account_update", **value)
    post(inbox, body)
    kept = InboxConnection.objects.get(inbox=inbox)
    assert (kept.trouble, kept.trouble_detail) == (
        "permission",
        "DISABLED_UPDATE DISABLE",
    )


# --- templates ---
@pytest.fixture
def late(meta):
    """A customer to whom only a template may go; the templates are known."""
    question = meta.write("在庫は", person=NUMBER)
    closed(meta)
    sweep_templates()
    return question.conversation


FILLED = {
    "template": "shipping_update|ja",
    "variable_1": "中村",
    "variable_2": "A-1001",
    "variable_3": "A-1001",
}


def test_outside_the_window_a_text_is_refused_with_the_reason(late, agent):
    answer = reply(agent, late)
    assert answer.status_code == 422
    assert not replies().exists()


def test_a_template_goes_filled_and_the_thread_shows_what_was_sent(meta, late, agent):
    assert reply(agent, late, "", **FILLED).status_code == 201
    message = replies().get()
    assert (message.state, message.content) == (DeliveryState.SENT, "template")
    assert message.body == (
        "発送のお知らせ\n\n中村 様、ご注文 A-1001 を発送いたしました。\n\n"
        "このメッセージに返信できます"
    )
    (sent,) = meta.sent(NUMBER)
    assert sent["template"] == {
        "name": "shipping_update",
        "language": {"code": "ja"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "中村"},
                    {"type": "text", "text": "A-1001"},
                ],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "0",
                "parameters": [{"type": "text", "text": "A-1001"}],
            },
        ],
    }


def test_named_gaps_are_sent_by_their_names(meta, late, agent):
    reply(agent, late, "", template="callback|ja", variable_1="中村")
    (sent,) = meta.sent(NUMBER)
    (body,) = sent["template"]["components"]
    assert body["parameters"] == [
        {"type": "text", "text": "中村", "parameter_name": "customer_name"}
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"variable_2": "  \n"},
        {"variable_2": "あ" * 1025},
        {"template": "autumn_sale|ja"},  # rejected by Meta
        {"template": "nothing|ja"},
    ],
)
def test_a_template_that_is_not_whole_is_refused(late, agent, change):
    assert reply(agent, late, "", **{**FILLED, **change}).status_code == 422
    assert not replies().exists()


def test_the_composer_shows_the_fields_and_the_text_of_a_template(
    late, agent, client_of
):
    address = f"/conversations/{late.pk}/provider-template/"
    page = client_of(agent).get(address, {"template": "shipping_update|ja"})
    shown = page.content.decode()
    for number in (1, 2, 3):
        assert f'name="variable_{number}"' in shown
    assert '<mark data-gap="2"' in shown
    assert "追跡する" in shown
    gone = client_of(agent).get(address, {"template": "nothing|ja"}).content.decode()
    assert 'role="alert"' in gone


def test_only_approved_templates_are_offered(late, agent):
    option = reply_options(late).chosen
    assert option.needs_template
    context = {"option": option, "composer": {"conversation": late}}
    shown = render_to_string("conversations/_composer_template.html", context)
    assert 'value="shipping_update|ja"' in shown
    assert "autumn_sale" not in shown


def test_templates_are_fetched_again_when_meta_says_they_changed(meta, late):
    kept = InboxConnection.objects.get(inbox=meta.inbox)
    kept.facts["templates"] = []
    kept.facts["templates_tried_at"] = (
        timezone.now() - timedelta(minutes=2)
    ).isoformat()
    kept.save()
    sweep_templates()
    kept.refresh_from_db()
    assert kept.facts["templates"] == []  # an hour has not passed
    told = {"event": "APPROVED", "message_template_name": "x"}
    post(meta.inbox, whatsapp.body_of("message_template_status_update", **told))
    sweep_templates()
    kept.refresh_from_db()
    assert len(kept.facts["templates"]) == 2


def test_a_redelivered_event_that_was_processed_changes_nothing(inbox):
    body = whatsapp.write("一度だけ")
    post(inbox, body)
    post(inbox, body)
    event = ProviderEvent.objects.get()
    process_event(event.pk)
    assert Message.objects.filter(kind="text").count() == 1
