"""Outside the window of WhatsApp only a template goes, and it goes whole."""

import json
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from conversations.choices import DeliveryState
from conversations.connections.tasks import refresh_templates
from conversations.models import Draft, InboxConnection, Reach
from conversations.outbound.reply_options import reply_options
from tests.conversations.meta import replies, simulated
from tests.conversations.providers import PROVIDERS, whatsapp
from tests.conversations.simulated import reply
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = whatsapp.NUMBER


@pytest.fixture
def meta(account, queue, settings):
    with simulated("whatsapp", account, queue, settings) as played:
        yield played


def closed(meta, person=NUMBER):
    """A day has passed, here and at Meta."""
    long_ago = timezone.now() - timedelta(hours=25)
    Reach.objects.update(last_heard_at=long_ago)
    meta.simulator.last_contact[person] = long_ago


@pytest.fixture
def late(meta):
    """A customer to whom only a template may go; the templates are known."""
    question = meta.write("在庫は", person=NUMBER)
    closed(meta)
    sweep_of(refresh_templates)()
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
    shown = render_to_string("replies/_composer_template.jinja", context)
    assert 'value="shipping_update|ja"' in shown
    assert "autumn_sale" not in shown


def test_templates_are_fetched_again_when_meta_says_they_changed(meta, late):
    connection = InboxConnection.objects.get(inbox=meta.inbox)
    connection.facts["templates"] = []
    connection.facts["templates_tried_at"] = (
        timezone.now() - timedelta(minutes=2)
    ).isoformat()
    connection.save()
    sweep_of(refresh_templates)()
    connection.refresh_from_db()
    assert connection.facts["templates"] == []  # an hour has not passed
    value = {"event": "APPROVED", "message_template_name": "x"}
    PROVIDERS["whatsapp"].post(
        meta.inbox, whatsapp.body_of("message_template_status_update", **value)
    )
    sweep_of(refresh_templates)()
    connection.refresh_from_db()
    assert len(connection.facts["templates"]) == 2


def test_what_fills_a_template_is_a_draft_and_holds_the_right_to_answer(
    late, account, client_of, agent
):
    url = reverse("desk:draft", args=[late.pk])
    beside = {"template": "shipping|ja", "values": ["", "4242 4242 4242 4242"]}
    form = {"kind": "reply", "body": "", "beside": json.dumps(beside)}
    assert client_of(agent).post(url, form).status_code == 204
    beside_stored = Draft.objects.get(member=agent).beside
    assert beside_stored["template"] == "shipping|ja"
    assert beside_stored["values"][0] == ""
    assert "4242 4242" not in beside_stored["values"][1]
    colleague = MembershipFactory(account=account)
    other = {"kind": "reply", "body": "わたしが"}
    assert client_of(colleague).post(url, other).status_code == 409
