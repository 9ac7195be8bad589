"""Mail that breaks whatever reads it: stored first, set aside, and the others arrive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.adapters.email import incoming, masked, webhook
from conversations.adapters.email.imap import Mailbox
from conversations.adapters.failures import SendError
from conversations.choices import EventState
from conversations.inbound.mailboxes import sync as syncing
from conversations.inbound.mailboxes import watch
from conversations.inbound.tasks import process_inbox
from conversations.models import MailFolder, Message, ProviderEvent
from tests.conversations.adapters.email.test_mailbox import keeper_running, read, server
from tests.conversations.providers.email import posted, raw_mail
from tests.payloads import mails
from tests.waiting import until

__all__ = ["keeper_running", "read", "server"]
POISON = next(
    path.read_bytes() for path in mails() if path.stem == "labelled-utf16-but-ascii"
)


class ProcessEndedError(BaseException):
    """As a kill, or memory that is used up: nothing here catches it."""


def bodies() -> set[str]:
    return set(Message.objects.filter(kind="text").values_list("body", flat=True))


@pytest.mark.django_db
def test_a_mail_that_is_labelled_wrong_arrives_and_so_does_the_next(server, read):
    read()
    server.put(POISON)
    server.put(raw_mail("次のメール"))
    assert read() == 2
    assert bodies() == {"hello there", "次のメール"}
    assert bytes(ProviderEvent.objects.earliest("pk").body) == POISON


@pytest.mark.django_db
@pytest.mark.parametrize("error", [UnicodeError, RecursionError, MemoryError])
def test_a_mail_that_cannot_even_be_taken_apart_is_stored_as_it_came(
    server, read, monkeypatch, error
):
    def poisoned(raw):
        if "毒".encode() in raw:
            raise error("毒")
        return taken_apart(raw)

    taken_apart = masked.take_apart
    monkeypatch.setattr(masked, "take_apart", poisoned)
    monkeypatch.setattr(incoming, "read_mail", _poisoned_reader(error))
    read()
    poison = raw_mail("毒 4111 1111 1111 1111")
    server.put(poison)
    server.put(raw_mail("次のメール"))
    assert read() == 2
    assert bodies() == {"次のメール"}
    aside = ProviderEvent.objects.get(state=EventState.QUARANTINED)
    assert error.__name__ in aside.reason
    expected = poison.replace(b"4111 1111 1111 1111", "•••• •••• •••• 1111".encode())
    assert bytes(aside.body) == expected


def _poisoned_reader(error):
    read_mail = incoming.read_mail

    def poisoned(raw, **more):
        if "毒".encode() in raw:
            raise error("毒")
        return read_mail(raw, **more)

    return poisoned


@pytest.mark.django_db
def test_the_same_mail_by_a_webhook_is_taken_and_stored(box, monkeypatch):
    def poisoned(*args):
        raise OSError("毒")

    monkeypatch.setattr(masked, "unframed", poisoned)
    box.post(posted(raw_mail("毒入り")))
    assert bodies() == {"毒入り"}
    monkeypatch.setattr(webhook, "_of_postmark", poisoned)
    body = posted(raw_mail("分けられない"))
    box.post(body)
    assert bytes(ProviderEvent.objects.latest("pk").body) == body


@pytest.mark.django_db
@pytest.mark.parametrize("has_head", [True, False])
def test_a_mail_its_server_will_not_give_holds_back_none_behind_it(
    server, read, monkeypatch, has_head
):
    fetch = Mailbox.fetch

    def refusing(self, uid, *, head_only=False):
        if uid == 1 and not (head_only and has_head):
            raise SendError("network", "NO cannot be converted", permanent=False)
        return fetch(self, uid, head_only=head_only)

    monkeypatch.setattr(Mailbox, "fetch", refusing)
    read()
    server.put(raw_mail("読めない", subject="件名だけ"))
    server.put(raw_mail("次のメール"))
    tries = syncing._WHOLE_TRIES + (0 if has_head else syncing._HEAD_TRIES)
    for _try in range(tries):
        with pytest.raises(SendError):
            read()
    assert bodies() == set()
    assert read() == 2
    assert "次のメール" in bodies()
    assert MailFolder.objects.get().last_uid == 2
    if has_head:
        cut = Message.objects.get(data__email__subject="件名だけ")
        assert cut.data["email"]["broken"] == ["size"]
    else:
        aside = ProviderEvent.objects.get(state=EventState.QUARANTINED)
        assert "INBOX" in aside.reason
    assert read() == 0


@pytest.mark.django_db
def test_a_mail_that_ends_the_reader_each_time_is_stored_without_a_look(
    server, read, monkeypatch
):
    def deadly(raw):
        raise ProcessEndedError

    monkeypatch.setattr(masked, "masked_mail", deadly)
    read()
    server.put(raw_mail("危険物"))
    server.put(raw_mail("次のメール"))
    with pytest.raises(ProcessEndedError):
        read()
    monkeypatch.undo()
    assert read() == 2
    assert bodies() == {"危険物", "次のメール"}


@pytest.mark.django_db(transaction=True)
def test_an_event_that_ends_the_worker_each_time_is_set_aside(
    box, monkeypatch, agent, client_of
):
    def deadly(raw, **more):
        if "毒".encode() in raw:
            raise ProcessEndedError
        return read_mail(raw, **more)

    read_mail = incoming.read_mail
    monkeypatch.setattr(incoming, "read_mail", deadly)
    monkeypatch.setattr("conversations.inbound.views.enqueue", lambda *args: None)
    for text in ("一つ目", "毒", "三つ目"):
        box.post(posted(raw_mail(text)))
    late = timezone.now() - timedelta(minutes=1)
    ProviderEvent.objects.update(received_at=late)
    ended = 0
    for _run in range(10):
        try:
            process_inbox(box.inbox.pk)
        except ProcessEndedError:
            ended += 1
    assert bodies() == {"一つ目", "三つ目"}
    assert 0 < ended <= 5
    aside = ProviderEvent.objects.get(state=EventState.QUARANTINED)
    assert "ended each time" in aside.reason


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["fetch", "newer_than", "begin_idle"])
def test_a_mail_that_comes_at_any_step_of_reading_is_there_at_once(
    server, keeper_running, box, monkeypatch, step
):
    """The server says so once, in its answer to that step; IDLE does not repeat it."""
    late = [raw_mail("読んでいる間に届いた")]
    take = getattr(Mailbox, step)

    def taking(self, *args, **more):
        if late and bodies():
            server.put(late.pop())
        return take(self, *args, **more)

    until(MailFolder.objects.exists)
    server.put(raw_mail("はじめ"))
    until(lambda: "はじめ" in bodies())
    monkeypatch.setattr(Mailbox, step, taking)
    server.put(raw_mail("つぎ"))
    until(lambda: len(bodies()) == 3, watch.POLL_SECONDS / 3)
