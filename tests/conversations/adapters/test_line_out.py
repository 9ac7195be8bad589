"""How the desk answers on LINE."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.simulation.base import Fault
from conversations.adapters.splitting import pieces, utf16_length
from conversations.choices import DeliveryState
from conversations.connections.tasks import refresh_quota
from conversations.models import Delivery, DeliveryAttempt, Reach
from conversations.outbound.reply_options import reply_options
from conversations.outbound.tasks import deliver, send_read_receipt
from conversations.replies.actions.reply import send_reply
from tests.conversations.line import answer, picture, upload
from tests.conversations.simulated import reply

database = pytest.mark.django_db(transaction=True)
PUSH, REPLY = "/v2/bot/message/push", "/v2/bot/message/reply"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def conversation(line):
    return line.write("届きません").conversation


def run_out_of_free_replies():
    Reach.objects.update(reply_until=timezone.now())


@database
def test_the_first_answer_is_free_and_the_next_is_counted(line, conversation, agent):
    sweep_of(refresh_quota)()
    reply(agent, conversation, "一つ目")
    assert answer().data["via"] == "reply"
    reply(agent, conversation, "二つ目")
    assert answer().data["via"] == "push"
    assert line.seen() == ["一つ目", "二つ目"]
    line.inbox.connection.refresh_from_db()
    assert line.inbox.connection.quota_used == line.simulator.account.used == 1
    assert answer().provider_message_id


@database
def test_after_fifty_seconds_the_answer_is_pushed(
    line, conversation, agent, time_machine
):
    time_machine.move_to(timezone.now() + timedelta(seconds=51))
    reply(agent, conversation)
    assert answer().data["via"] == "push"
    assert line.calls(REPLY) == 0


@database
def test_a_free_reply_that_line_refuses_is_pushed_within_the_same_attempt(
    line, conversation, agent
):
    for token in line.simulator.reply_tokens.values():
        token.is_used = True
    reply(agent, conversation, "届きましたか")
    assert (answer().state, answer().data["via"]) == (DeliveryState.SENT, "push")
    assert line.seen() == ["届きましたか"]
    assert DeliveryAttempt.objects.count() == 1


@database
def test_a_push_cut_off_after_it_was_taken_arrives_once(
    line, conversation, agent, time_machine
):
    run_out_of_free_replies()
    line.simulator.faults.append(Fault(is_cut=True))
    reply(agent, conversation, "一度だけ")
    assert answer().state == DeliveryState.QUEUED
    time_machine.move_to(timezone.now() + timedelta(seconds=30))
    sweep_of(deliver)()
    assert answer().state == DeliveryState.SENT
    assert line.calls(PUSH) == 2
    assert line.seen() == ["一度だけ"]
    shown = [one.id for one in line.simulator.lines if one.is_ours]
    assert Delivery.objects.get().provider_message_ids == shown


@database
def test_a_free_reply_cut_off_is_not_sent_again_by_itself(
    line, conversation, agent, time_machine
):
    line.simulator.faults.append(Fault(is_cut=True))
    reply(agent, conversation, "届いたかも")
    time_machine.move_to(timezone.now() + timedelta(minutes=10))
    sweep_of(deliver)()
    assert answer().state == DeliveryState.UNKNOWN
    assert line.seen() == ["届いたかも"]


@database
def test_a_busy_line_is_asked_again_when_it_says(
    line, conversation, agent, time_machine
):
    run_out_of_free_replies()
    line.simulator.faults.append(Fault(status=429, retry_after=60))
    reply(agent, conversation)
    now = timezone.now()
    time_machine.move_to(now + timedelta(seconds=50))
    sweep_of(deliver)()
    assert line.seen() == []
    time_machine.move_to(now + timedelta(seconds=65))
    sweep_of(deliver)()
    assert answer().state == DeliveryState.SENT


@database
def test_a_user_whom_line_does_not_know_is_named_as_the_reason(
    line, conversation, agent
):
    run_out_of_free_replies()
    line.simulator.people.clear()
    identity = Reach.objects.get().identity
    line.simulator.nobodies.add(identity.value)
    reply(agent, conversation)
    assert (answer().state, answer().failure) == ("failed", "recipient")
    assert answer().failure_detail == "Failed to send messages"


@database
def test_a_reply_that_line_refuses_for_the_token_says_so_at_the_inbox(
    line, conversation, agent
):
    connection = line.inbox.connection
    line.expect_token("another")
    reply(agent, conversation)
    assert answer().failure == "credentials"
    connection.refresh_from_db()
    assert connection.trouble == "credentials"
    assert connection.trouble_since is not None
    line.expect_token("token-of-the-test")
    reply(agent, conversation, "改めて")
    assert answer().state == DeliveryState.SENT
    connection.refresh_from_db()
    assert (connection.trouble, connection.trouble_since) == ("", None)


@database
def test_a_reply_that_leaves_ends_no_other_trouble(line, conversation, agent):
    connection = line.inbox.connection
    connection.trouble = "permission"
    connection.save(update_fields=["trouble"])
    reply(agent, conversation)
    assert answer().state == DeliveryState.SENT
    connection.refresh_from_db()
    assert connection.trouble == "permission"


@database
def test_a_check_that_is_well_shows_the_months_messages_at_once(line, admin, client_of):
    connection = line.inbox.connection
    assert connection.quota_limit is None
    slug = line.inbox.account.slug
    client_of(admin).post(f"/settings/{slug}/inboxes/{line.inbox.pk}/check/")
    connection.refresh_from_db()
    assert connection.checked_at is not None
    assert connection.quota_limit == 200


@database
def test_an_access_token_that_line_refuses_is_named_at_the_inbox(line, agent):
    line.expect_token("another")
    sweep_of(refresh_quota)()
    connection = line.inbox.connection
    connection.refresh_from_db()
    assert connection.trouble == "credentials"
    line.expect_token("token-of-the-test")
    sweep_of(refresh_quota)()
    connection.refresh_from_db()
    assert (connection.trouble, connection.quota_limit) == ("", 200)


@database
def test_with_the_month_used_up_sending_is_refused_with_the_reason(
    line, conversation, agent
):
    line.simulator.account.used = 200
    sweep_of(refresh_quota)()
    assert reply_options(conversation).options[0].is_open  # the first answer is free
    run_out_of_free_replies()
    refused = reply(agent, conversation)
    assert refused.status_code == 422
    assert "used up" in refused.content.decode() or "使い切" in refused.content.decode()
    assert line.calls(PUSH) == 0


@database
def test_a_month_that_ends_unnoticed_closes_the_channel(line, conversation, agent):
    run_out_of_free_replies()
    line.simulator.account.quota = 0
    reply(agent, conversation)
    assert (answer().state, answer().failure) == ("failed", "quota")
    assert reply_options(conversation).options[0].closed == "quota"


@database
def test_a_long_text_goes_as_several_bubbles_in_few_requests(line, conversation, agent):
    text = "\n\n".join(f"{number}段落。" + "あ" * 1200 for number in range(16))
    reply(agent, conversation, text)
    bubbles = line.seen()
    assert "".join(bubbles).replace("\n", "") == text.replace("\n", "")
    assert all(0 < utf16_length(one) <= 5000 for one in bubbles)
    assert (line.calls(REPLY), line.calls(PUSH)) == (1, 0)


@pytest.mark.parametrize("letter", [FAMILY, "👍🏽", "🇯🇵", "が", "𠮷"])
def test_a_visible_letter_is_never_cut(letter):
    text = letter * 3000
    found = pieces(text, 5000, utf16_length)
    assert "".join(found) == text
    for piece in found:
        assert utf16_length(piece) <= 5000
        assert piece == letter * (len(piece) // len(letter))


def test_a_text_is_cut_at_the_last_pause_that_fits():
    sentence = "ご確認をお願いいたします。"
    found = pieces(sentence * 20, 100, utf16_length)
    assert {piece[-1] for piece in found} == {"。"}
    assert pieces("一行目\n\n二行目", 7, utf16_length) == ["一行目", "二行目"]
    assert pieces("   ", 2, utf16_length) == []


@database
def test_six_bubbles_take_a_free_reply_and_one_push(line, conversation, agent):
    files = [
        upload(agent, conversation, "a.png", picture(edge=8)).json()["key"]
        for _number in range(2)
    ]
    reply(agent, conversation, "𠮷" * 10_000, file=files)  # 20,000 units
    assert (line.calls(REPLY), line.calls(PUSH)) == (1, 1)
    kinds = [one["type"] for one in line.objects()]
    assert kinds == ["text"] * 4 + ["image"] * 2
    assert line.simulator.account.used == 1


@database
def test_an_answer_quotes_what_the_customer_or_we_have_written(
    line, conversation, agent
):
    theirs = conversation.messages.get(kind="text")
    for quoted in (theirs, None):
        quoted_id = (quoted or answer()).provider_message_id
        message = send_reply(
            conversation,
            member=agent,
            body="こちらです",
            client_id=uuid4(),
            data={"quoted": quoted_id},
        )
        deliver(message.pk)
    first, second = line.objects()
    assert first["quoteToken"] == theirs.data["quote_token"]
    assert (
        second["quoteToken"]
        == answer()
        .__class__.objects.get(provider_message_id=quoted_id)
        .data["quote_token"]
    )


@database
def test_reading_shows_the_customer_that_we_have_read(line, conversation, agent):
    http = Client()
    http.force_login(agent.user)
    read = "/v2/bot/chat/markAsRead"
    for _time in range(2):
        http.post(f"/conversations/{conversation.pk}/read/")
    assert line.calls(read) == 1
    assert all(one.facts["is_read"] for one in line.simulator.lines_of("1"))
    line.write("もう一つ")
    assert "is_read" not in line.simulator.lines_of("1")[-1].facts
    http.post(f"/conversations/{conversation.pk}/read/")
    assert line.calls(read) == 2
    send_read_receipt(conversation.pk)  # a task may run twice
    assert line.calls(read) == 2
