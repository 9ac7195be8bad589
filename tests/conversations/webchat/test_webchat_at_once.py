"""Visitors who write at the same moment: stored as one batch, and each as if alone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from agentdesk.audit.models import AuditEntry
from conversations.inquiries.actions.inquiry import close
from conversations.models import Conversation, Inquiry, Message
from tests.conversations.at_once import at_once, closing_after, statuses
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.conversations import ContactReasonFactory
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_visitors_who_write_at_once_are_each_heard_once(webchat):
    visitors = [ChatVisitor(webchat) for _number in range(8)]
    for number, visitor in enumerate(visitors):
        visitor.begin()
        visitor.send(f"はじめまして{number}")
    ids = [uuid4() for _visitor in visitors]

    def send(number: int) -> Any:
        return visitors[number].send(f"続き{number}", client_id=str(ids[number]))

    twice = [lambda n=n: send(n) for n in range(8) for _time in range(2)]
    answers = at_once(*twice)
    assert statuses(answers) == [200] * 8 + [201] * 8
    stored = Message.objects.filter(body__startswith="続き")
    assert len(stored) == len(ids)
    assert {one.client_id for one in stored} == set(ids)
    for number, own in enumerate(stored.order_by("body")):
        first = Message.objects.get(body=f"はじめまして{number}")
        assert own.conversation_id == first.conversation_id
        answered = answers[2 * number].json()["message"]["id"]
        assert answered == own.pk


def test_what_a_visitor_opens_anew_is_audited_with_their_own_address(webchat, agent):
    visitors = [ChatVisitor(webchat, address=f"203.0.113.{n}") for n in range(1, 7)]
    for visitor in visitors:
        visitor.begin()
        visitor.send("はじめまして")
    for inquiry in Inquiry.objects.all():
        reason = ContactReasonFactory(account=inquiry.account)
        close(inquiry, actor=agent.user, reason=reason)
    answers = at_once(*(lambda v=v: v.send("もう一つ") for v in visitors))
    assert statuses(answers) == [201] * 6
    reopened = AuditEntry.objects.filter(action="inquiry.reopened")
    assert {entry.address for entry in reopened} == {
        visitor.environ["REMOTE_ADDR"] for visitor in visitors
    }


def test_who_is_held_up_holds_up_nobody_else(webchat):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    visitor.send("届きません")
    other = ChatVisitor(webchat)
    other.begin()
    other.send("はじめまして")
    conversation = Conversation.objects.earliest("pk")
    with ThreadPoolExecutor(4) as threads:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation.pk)
            waiting = [
                threads.submit(closing_after, lambda: visitor.send("急いでいます"))
            ]
            until(_waits_for_a_lock)
            waiting.append(
                threads.submit(
                    closing_after, lambda: other.send("こちらは空いています")
                )
            )
            assert waiting[1].result(20).status_code == 201
            assert not waiting[0].done()
        assert waiting[0].result(20).status_code == 201


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return cursor.fetchone()[0] > 0
