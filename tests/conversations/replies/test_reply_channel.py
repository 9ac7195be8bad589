"""Where a reply goes: what the composer offers, says of it, and keeps."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.adapters.base import MediaLimit
from conversations.adapters.line.adapter import LineAdapter
from conversations.choices import Channel, ClosedReason
from conversations.models import Message, Visitor
from tests.factories.conversations import InboxFactory
from tests.factories.threads import inbound_message, line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def can(monkeypatch):
    """Give LINE other capabilities: what is shown asks them, never the channel."""

    def giving(**more):
        monkeypatch.setattr(
            LineAdapter, "capabilities", replace(LineAdapter.capabilities, **more)
        )

    return giving


@pytest.fixture
def line(conversation):
    return line_of(conversation, quota_limit=1000, quota_used=312)[0]


@pytest.fixture
def reach(line):
    return line.reaches.get()


@pytest.fixture
def chatted(conversation, webchat):
    """The customer has been on the web chat."""
    Visitor.objects.create(
        account=conversation.account, inbox=webchat, customer=conversation.customer
    )
    return webchat


@pytest.fixture
def via(client_of, agent, conversation):
    def fragment(**held):
        url = reverse("desk:composer-via", args=[conversation.pk])
        return client_of(agent).get(url, held).content.decode()

    return fragment


def held_by(html):
    found = dict(re.findall(r'name="(via\w*)" value="([^"]*)"', html))
    return found["via"], found["via_usual"], found["via_chosen"]


def option(inbox, reach=None):
    return f"{inbox.pk}:{reach.identity_id if reach else 0}"


def wrote(conversation, inbox, reach=None, minutes=0):
    identity = reach.identity if reach else None
    return inbound_message(
        conversation, inbox, "こんにちは", identity=identity, minutes=minutes
    )


def test_a_reply_goes_where_the_customer_wrote_last(
    conversation, line, reach, chatted, via
):
    wrote(conversation, chatted, minutes=5)
    wrote(conversation, line, reach)
    assert held_by(via())[0] == option(line, reach)
    wrote(conversation, chatted)
    assert held_by(via())[0] == option(chatted)


def test_the_free_reply_counts_down_and_then_the_months_use_is_said(
    conversation, line, reach, via
):
    wrote(conversation, line, reach)
    reach.reply_token = "token"
    reach.reply_until = timezone.now() + timedelta(seconds=42)
    reach.save()
    html = via()
    assert re.search(
        r"無料返信 残り <b data-seconds-left=\"[^\"]+\">4[12]</b> 秒", html
    )
    assert "data-expires=" in html
    reach.reply_until = timezone.now() - timedelta(seconds=1)
    reach.save()
    assert "プッシュ送信（今月 312 / 1,000 通）" in via()


def test_at_quota_zero_sending_is_refused_and_the_other_channel_offered(
    conversation, line, reach, chatted, via, client_of, agent
):
    line.connection.quota_used = 1000
    line.connection.save()
    wrote(conversation, chatted, minutes=5)
    wrote(conversation, line, reach)
    html = via()
    assert "今月の送信枠を使い切りました" in html
    banner = html[html.index('class="via__closed"') :]
    assert f'data-pick="{option(chatted)}"' in banner
    answer = client_of(agent).post(
        reverse("desk:compose", args=[conversation.pk]),
        {
            "kind": "reply",
            "body": "はい",
            "client_id": str(uuid4()),
            "via": option(line, reach),
        },
    )
    assert answer.status_code == 422
    assert "今月の送信枠を使い切りました" in answer.content.decode()
    assert not Message.objects.filter(direction="outbound").exists()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (ClosedReason.UNFOLLOWED, "お客様がブロックしています"),
        (ClosedReason.OPTED_OUT, "お客様が配信の停止を希望しています"),
    ],
)
def test_a_closed_channel_stays_readable_with_its_reason(
    conversation, line, reach, chatted, via, reason, words
):
    reach.closed_reason = reason
    reach.save()
    wrote(conversation, chatted)
    html = via()
    assert words in html
    assert f'data-pick="{option(line, reach)}"' not in html


def test_a_window_that_is_over_closes_and_one_that_runs_says_how_long(
    conversation, line, reach, via, can
):
    can(reply_window=timedelta(hours=24), has_quota=False)
    wrote(conversation, line, reach)
    reach.last_heard_at = timezone.now() - timedelta(hours=21)
    reach.save()
    assert "返信期限 あと" in via()
    reach.last_heard_at = timezone.now() - timedelta(hours=25)
    reach.save()
    assert "返信できる期限が過ぎています" in via()
    can(has_templates=True)
    assert "data-needs-template" in via()


def test_inboxes_without_an_address_of_the_customer_are_listed_apart(
    conversation, line, reach, via, account, other_account
):
    InboxFactory(account=account, channel=Channel.LINE, name="新宿店LINE")
    InboxFactory(account=account, channel=Channel.LINE, name="閉店", state="stopped")
    InboxFactory(account=other_account, channel=Channel.LINE, name="よその窓口")
    wrote(conversation, line, reach)
    html = via()
    apart = html[html.index("via__without") :]
    assert "新宿店LINE" in apart
    assert "連絡先がありません" in apart
    assert "閉店" not in html
    assert "よその窓口" not in html


def test_a_new_message_elsewhere_moves_what_nobody_has_chosen(
    conversation, line, reach, chatted, via
):
    wrote(conversation, chatted, minutes=5)
    now, usual, chosen = held_by(via())
    wrote(conversation, line, reach)
    assert held_by(via(via=now, via_usual=usual, via_chosen=chosen)) == (
        option(line, reach),
        option(line, reach),
        "",
    )


@pytest.mark.parametrize("held", [{"via_chosen": "1"}, {"kept": "1"}])
def test_a_new_message_elsewhere_only_says_so_while_the_agent_has_begun(
    conversation, line, reach, chatted, via, held
):
    wrote(conversation, chatted, minutes=5)
    usual = option(chatted)
    wrote(conversation, line, reach)
    html = via(via=usual, via_usual=usual, **held)
    assert held_by(html)[:2] == (usual, usual)
    note = html[html.index('class="via__note"') :]
    assert "お客様からLINE（LINE公式）に新しい連絡がありました" in note
    assert f'data-pick="{option(line, reach)}"' in note


def test_a_choice_by_hand_knows_what_has_come(conversation, line, reach, chatted, via):
    wrote(conversation, chatted, minutes=5)
    wrote(conversation, line, reach)
    html = via(picked=option(chatted), via=option(line, reach))
    assert held_by(html) == (option(chatted), option(line, reach), "1")
    assert "via__note" not in html


def test_a_made_up_channel_is_no_channel(conversation, line, reach, via):
    wrote(conversation, line, reach)
    assert held_by(via(picked="999:1"))[0] == option(line, reach)
    assert held_by(via(picked="<b>", via="x", via_usual="y"))[0] == option(line, reach)


def test_the_limits_of_the_channel_are_on_the_screen(
    conversation, line, reach, via, can
):
    can(
        carries_files=True,
        max_files=1,
        media={"image": MediaLimit(frozenset({"image/png"}), 1000)},
    )
    wrote(conversation, line, reach)
    html = via()
    limits = json.loads(unescape(re.search(r'data-media="([^"]*)"', html)[1]))
    assert limits["count"] == 1
    assert limits["kinds"] == [{"types": ["image/png"], "bytes": 1000}]
    assert 'data-text-limit="5000"' in html
    assert 'data-text-unit="utf16"' in html
    assert "data-splits" in html


def test_another_accounts_member_sees_no_channel(client_of, stranger, conversation):
    for name in ("composer-via", "composer-extra"):
        url = reverse(f"desk:{name}", args=[conversation.pk])
        assert client_of(stranger).get(url).status_code == 404


def test_a_reply_quotes_a_message_where_the_channel_can(
    client_of, agent, conversation, line, reach, can
):
    can(has_quotes=True)
    question = inbound_message(
        conversation, line, "青はありますか", identity=reach.identity
    )
    client = client_of(agent)
    page = client.get(reverse("desk:conversation", args=[conversation.pk]))
    assert f'data-quote="{question.pk}"' in page.content.decode()
    fields = {"kind": "reply", "body": "ございます", "quoted": question.pk}
    url = reverse("desk:compose", args=[conversation.pk])
    assert client.post(url, {**fields, "client_id": str(uuid4())}).status_code == 201
    reply = Message.objects.get(direction="outbound")
    assert reply.data["quoted"] == question.provider_message_id
    shown = client.get(reverse("desk:message", args=[conversation.pk, reply.pk]))
    assert f'data-jump-to="message-{question.pk}"' in shown.content.decode()


def test_a_quote_alone_is_no_reply(client_of, agent, conversation, line, reach, can):
    can(has_quotes=True)
    question = wrote(conversation, line, reach)
    fields = {"kind": "reply", "body": " ", "quoted": question.pk}
    url = reverse("desk:compose", args=[conversation.pk])
    answer = client_of(agent).post(url, {**fields, "client_id": str(uuid4())})
    assert answer.status_code == 422


def test_what_a_channel_needs_beside_the_text_comes_with_it(
    client_of, agent, conversation, line, reach, chatted, can, settings, tmp_path
):
    folder = tmp_path / "replies"
    folder.mkdir()
    folder.joinpath("_composer_email.jinja").write_text(
        '<input name="subject" value="{{ option.inbox.name }}">'
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]},
        *settings.TEMPLATES[1:],
    ]
    can(has_subject=True)
    wrote(conversation, chatted)
    url = reverse("desk:composer-extra", args=[conversation.pk])
    get = client_of(agent).get
    on_line = get(url, {"via": option(line, reach)}).content.decode()
    assert '<input name="subject" value="LINE公式">' in on_line
    assert "<input" not in get(url, {"via": option(chatted)}).content.decode()
