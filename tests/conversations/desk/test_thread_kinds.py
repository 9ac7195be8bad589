"""A thread that holds every kind of message, as the desk shows it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agentdesk.audit.models import AuditEntry
from conversations.choices import ClosedReason, DeliveryState, FailureCode
from conversations.models import Visitor
from tests.factories.threads import (
    every_kind,
    inbound_message,
    line_of,
    outbound_message,
)

pytestmark = pytest.mark.django_db

SENTENCES = (
    "お客様が送信を取り消しました",
    "青のSサイズ",
    "前田 光",
    "遅れて届きました",
    "https://www.google.com/maps/search/?api=1&amp;query=35.689600%2C139.700600",
    "ありがとう ・ 笑顔",
    "+81 90-0000-0000",
    'data-story="/conversations/',
    "返品したい",
    "リネンシャツ × 2",
    "暗号化されているため、ここでは読めません",
    "この種類のメッセージはここでは表示できません",
    "ボタンを押しました: 配送状況を見る",
    "連絡先が変わりました: +8190…01 → +8190…02",
    "他の画面から返信",
    "送信できませんでした: お客様がブロックしています",
    "The user hasn&#39;t added the LINE Official Account.",
    "届いたか不明です。確認してから再送してください",
    "<audio controls",
    "<video controls",
    "取得できませんでした",
    "取得中",
)


@pytest.fixture
def reach(conversation):
    return line_of(conversation)[1]


@pytest.fixture
def thread(conversation, reach, agent, client_of):
    every_kind(conversation, reach, agent)
    url = reverse("desk:workspace", args=[conversation.pk])
    return client_of(agent).get(url).content.decode()


def test_the_thread_tells_each_kind_in_words(thread):
    assert [words for words in SENTENCES if words not in thread] == []


def test_nothing_in_it_is_asked_of_another_host(thread):
    assert not [part for part in thread.split('src="')[1:] if not part.startswith("/")]


def test_opening_it_costs_no_more_than_any_other(
    conversation, reach, agent, client_of, warm_process, django_assert_max_num_queries
):
    every_kind(conversation, reach, agent)
    every_kind(conversation, reach, agent)
    client = client_of(agent)
    client.get(reverse("desk:workspace", args=[conversation.pk]))
    with django_assert_max_num_queries(8):
        client.get(reverse("desk:workspace", args=[conversation.pk]))


def test_a_hostile_place_or_link_is_only_shown(conversation, reach, agent, client_of):
    who = {"identity": reach.identity}
    place = {"title": "<b>x", "latitude": "1e400", "longitude": "abc"}
    inbound_message(
        conversation, reach.inbox, content="location", data={"location": place}, **who
    )
    link = {"story": {"url": "javascript:alert(1)"}}
    inbound_message(conversation, reach.inbox, content="story", data=link, **who)
    odd: dict[str, object] = {"speaker": "x", "reactions": {}, "contacts": 3}
    odd |= {key: [1] for key in ("location", "sticker", "story", "share", "choice")}
    odd |= {"order": {"lines": None}, "to_check": 5}
    for content in ("order", "contact", "choice", "sticker", "share", "story"):
        inbound_message(conversation, reach.inbox, content=content, data=odd, **who)
    url = reverse("desk:workspace", args=[conversation.pk])
    html = client_of(agent).get(url).content.decode()
    assert "javascript:alert" not in html
    assert "maps/search" not in html
    assert "<b>x" not in html


@pytest.fixture
def failed(conversation, reach, agent):
    return outbound_message(
        conversation,
        reach,
        "集荷伝票をお送りします。",
        state=DeliveryState.FAILED,
        author=agent,
        failure=FailureCode.NETWORK,
        failure_detail="timed out",
    )


@pytest.fixture
def press(client_of, agent, conversation):
    def pressing(name, message, member=agent):
        url = reverse(f"desk:{name}", args=[conversation.pk, message.pk])
        return client_of(member).post(url)

    return pressing


@pytest.fixture
def sent(monkeypatch):
    """What was handed over to be sent."""
    handed = []
    monkeypatch.setattr(
        "conversations.desk.views.delivery.enqueue", lambda _task, pk: handed.append(pk)
    )
    return handed


def test_a_failed_reply_is_sent_again_once_however_often_one_presses(
    failed, press, sent
):
    for _press in range(2):
        answer = press("resend", failed)
        assert answer.status_code == 200
        assert f'id="message-{failed.pk}"' in answer.content.decode()
        assert "再送する" not in answer.content.decode()
    failed.refresh_from_db()
    assert failed.state == DeliveryState.QUEUED
    assert sent == [failed.pk]
    assert AuditEntry.objects.filter(action="message.resent").count() == 1


def test_sending_again_where_it_is_closed_now_offers_the_other_channel(
    conversation, reach, webchat, failed, press, sent
):
    Visitor.objects.create(
        account=conversation.account, inbox=webchat, customer=conversation.customer
    )
    reach.closed_reason = ClosedReason.UNFOLLOWED
    reach.closed_at = timezone.now()
    reach.save()
    answer = press("resend", failed)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "お客様がブロックしています" in html
    assert f'data-pick="{webchat.pk}:0" data-write="集荷伝票をお送りします。"' in html
    assert sent == []


def test_what_nobody_knows_of_may_be_said_to_have_arrived(
    conversation, reach, press, sent
):
    lost = outbound_message(
        conversation, reach, "届いた？", state=DeliveryState.UNKNOWN
    )
    answer = press("accept", lost)
    assert answer.status_code == 200
    assert press("accept", lost).status_code == 200
    lost.refresh_from_db()
    assert lost.state == DeliveryState.SENT
    assert sent == []


def test_only_who_may_reply_decides_over_a_reply(failed, press, stranger, reach):
    assert press("resend", failed, stranger).status_code == 404
    assert press("accept", failed, stranger).status_code == 404
    question = inbound_message(
        failed.conversation, reach.inbox, "?", identity=reach.identity
    )
    assert press("resend", question).status_code == 404


def test_the_record_of_sending_tells_every_attempt(
    client_of, agent, stranger, conversation, failed
):
    url = reverse("desk:attempts", args=[conversation.pk, failed.pk])
    html = client_of(agent).get(url).content.decode()
    assert "HTTP 400" in html
    assert "182 ms" in html
    assert "timed out" in html
    assert client_of(stranger).get(url).status_code == 404


def test_a_message_read_again_stays_under_the_heading_above_it(
    conversation, reach, client_of, agent
):
    first = inbound_message(conversation, reach.inbox, "こんにちは")
    second = inbound_message(conversation, reach.inbox, "在庫はありますか")
    page = client_of(agent).get(reverse("desk:workspace", args=[conversation.pk]))
    again = [
        client_of(agent)
        .get(reverse("desk:message", args=[conversation.pk, one.pk]))
        .content.decode()
        for one in (first, second)
    ]
    assert ["message__meta" in one for one in again] == [True, False]
    assert page.content.decode().count("message__meta") == 1


def test_each_mail_has_its_own_heading(conversation, reach, client_of, agent):
    for subject in ("配送", "見積"):
        email = {"subject": subject, "from": [["", "taro@example.jp"]]}
        inbound_message(conversation, reach.inbox, "本文", data={"email": email})
    page = client_of(agent).get(reverse("desk:workspace", args=[conversation.pk]))
    assert page.content.decode().count("message__meta") == 2
