"""Reading a real Dovecot: nothing lost, nothing twice, nothing changed in the mailbox."""

import threading
import time

import pytest

from conversations.adapters.email import imap
from conversations.adapters.email.imap import mailbox
from conversations.adapters.email.setting import Setting
from conversations.adapters.failures import SendError
from conversations.connections.connection import connection_of
from conversations.inbound.mailboxes import keeper, watch
from conversations.inbound.mailboxes.sync import sync
from conversations.models import InboxConnection, MailFolder, Message, ProviderEvent
from tests.conversations.adapters.email.dovecot import dovecot
from tests.conversations.providers.email import ADDRESS, CUSTOMER, raw_mail
from tests.waiting import until


@pytest.fixture
def server(settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with dovecot() as running:
        yield running


@pytest.fixture
def read(server, box):
    """Reads the mailbox once, and tells how many mails were new."""
    values = {"imap_host": "127.0.0.1", "imap_port": str(server.port)}
    box.set(kind="imap", imap_security="none", username=server.user, **values)
    box.secret(password="right")

    def once(*folders: str) -> int:
        settings = Setting(connection_of(box.inbox))
        with mailbox(settings) as opened, box.committing(execute=True):
            return sync(box.inbox, opened, list(folders) or ["INBOX"])

    return once


@pytest.mark.django_db
def test_what_comes_after_the_inbox_was_connected_is_fetched_once(server, read):
    server.put(raw_mail("前からある"))
    assert read() == 0
    server.put(raw_mail("一つ目"))
    server.put(raw_mail("二つ目"))
    assert read() == 2
    assert read() == 0
    rows = Message.objects.filter(kind="text").order_by("pk")
    bodies = rows.values_list("body", flat=True)
    assert list(bodies) == ["一つ目", "二つ目"]


@pytest.mark.django_db
def test_a_mail_somebody_has_read_elsewhere_is_fetched_and_no_flag_is_set(server, read):
    read()
    server.put(raw_mail("既読"), flags=r"(\Seen)")
    server.put(raw_mail("未読"))
    assert read() == 2
    assert [b"\\Seen" in flags for flags in server.flags()] == [True, False]


@pytest.mark.django_db
def test_fetched_mail_is_marked_as_read_where_that_is_wanted(server, read, box):
    box.set(mark_seen="yes")
    read()
    server.put(raw_mail())
    read()
    assert b"\\Seen" in server.flags()[0]


@pytest.mark.django_db
def test_each_of_several_folders_has_its_own_mark(server, read):
    server.put(raw_mail("古い"), "Forms")
    read("INBOX", "Forms")
    server.put(raw_mail("フォーム"), "Forms")
    server.put(raw_mail("受信箱"))
    assert read("INBOX", "Forms") == 2
    assert set(MailFolder.objects.values_list("name", "last_uid")) == {
        ("INBOX", 1),
        ("Forms", 2),
    }


@pytest.mark.django_db
def test_the_folder_of_sent_mail_shows_replies_made_elsewhere(server, read):
    server.put(raw_mail("はじめ"), "Sent")
    read("INBOX", "Sent")
    server.put(raw_mail("届きません"))
    server.put(raw_mail("別の画面から", sender=ADDRESS, to=CUSTOMER), "Sent")
    read("INBOX", "Sent")
    texts = Message.objects.filter(kind="text").values_list("direction", "body")
    assert set(texts) == {("inbound", "届きません"), ("outbound", "別の画面から")}


@pytest.mark.django_db
def test_after_new_numbers_all_is_read_again_and_nothing_doubled(server, read):
    read()
    server.put(raw_mail("一つ目"))
    read()
    before = MailFolder.objects.get().uidvalidity
    server.number_anew()
    server.put(raw_mail("二つ目"))
    assert read() == 2
    assert MailFolder.objects.get().uidvalidity != before
    rows = Message.objects.filter(kind="text").order_by("pk")
    bodies = rows.values_list("body", flat=True)
    assert list(bodies) == ["一つ目", "二つ目"]
    assert read() == 0


@pytest.mark.django_db
def test_of_a_huge_mail_the_header_is_kept_and_the_thread_says_so(
    server, read, monkeypatch
):
    monkeypatch.setattr(imap, "MOST_BYTES", 2_000)
    read()
    server.put(raw_mail("x" * 5_000, subject="大きい"))
    read()
    message = Message.objects.get(kind="text")
    assert message.data["email"]["subject"] == "大きい"
    assert "size" in message.data["email"]["broken"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verdict", "badge"),
    [
        ("dkim=pass header.d=example.jp; spf=pass", "差出人を確認済み"),
        ("dkim=fail", "差出人は未確認"),
    ],
)
def test_what_our_mail_server_found_of_the_sender_is_a_badge(
    server, read, box, agent, client_of, verdict, badge
):
    box.set(auth_server="mx.kogane.example")
    read()
    field = f"Authentication-Results: mx.kogane.example; {verdict}\r\n"
    server.put(field.encode() + raw_mail())
    read()
    message = Message.objects.get(kind="text")
    page = client_of(agent).get(f"/conversations/{message.conversation_id}/")
    assert badge in page.content.decode()


@pytest.mark.django_db
def test_a_wrong_password_and_a_private_address_are_told_apart(
    server, read, box, settings
):
    box.secret(password="wrong")
    with pytest.raises(SendError) as refused:
        read()
    assert refused.value.code == "credentials"
    settings.ALLOW_PRIVATE_ADDRESSES = False
    box.set(imap_security="tls")
    with pytest.raises(SendError) as refused:
        read()
    assert refused.value.code == "set_up"


@pytest.fixture
def keeper_running(server, read, monkeypatch):
    """All mailboxes, watched by threads as `manage.py fetch_mail` does it."""
    monkeypatch.setattr(keeper, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(watch, "_PAUSES", (0.2,))
    running = keeper.Keeper()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    began = time.monotonic()
    running.stop()
    thread.join(10)
    assert time.monotonic() - began < 5


@pytest.mark.django_db(transaction=True)
def test_idle_brings_a_mail_at_once_a_restart_loses_none_and_it_stops_soon(
    server, keeper_running, box
):
    until(MailFolder.objects.exists)
    server.put(raw_mail("すぐ届く"))
    until(
        lambda: Message.objects.filter(body="すぐ届く").exists(), watch.POLL_SECONDS / 3
    )
    server.stop()
    server.start()
    server.put(raw_mail("再起動のあと"))
    until(lambda: Message.objects.filter(body="再起動のあと").exists())
    assert ProviderEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_changed_password_is_trouble_until_it_is_set_right_again(
    server, keeper_running, box
):
    until(MailFolder.objects.exists)
    box.secret(password="wrong")
    trouble = InboxConnection.objects.filter(trouble="credentials")
    until(trouble.exists)
    box.secret(password="right")
    until(lambda: InboxConnection.objects.filter(trouble="").exists())
    server.put(raw_mail("直りました"))
    until(lambda: Message.objects.filter(body="直りました").exists())
