"""A disk that is full: the right status, a clear sentence, and nothing half-written."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings as current
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from conversations.choices import EventState
from conversations.inbound.tasks import process_inbox
from conversations.models import Attachment, Message, ProviderEvent
from tests.conversations.adapters.email.mailbox import box
from tests.conversations.providers.email import PROVIDER, posted, raw_mail
from tests.conversations.webchat.chat import ChatVisitor
from tests.factories.file_bytes import picture

__all__ = ["box"]
pytestmark = pytest.mark.django_db(transaction=True)

_ROOM = 64 * 1024
PHOTO = picture() + b"\0" * (4 * _ROOM)


@contextmanager
def no_room() -> Iterator[None]:
    """A file ends after so many bytes: the system refuses the rest, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def stored() -> list[Path]:
    return [one for one in Path(current.MEDIA_ROOT).rglob("*") if one.is_file()]


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", PHOTO, "image/jpeg")


def test_a_photo_in_the_chat(webchat):
    before = stored()
    visitor = ChatVisitor(webchat)
    visitor.begin()
    with no_room():
        response = visitor.upload(photo())
    assert response.status_code == 507
    assert "空き" in response.json()["error"]["text"]
    assert stored() == before
    assert not Attachment.objects.exists()
    assert not Message.objects.exists()
    assert visitor.upload(photo()).status_code == 201


def test_a_file_of_a_reply(client_of, agent, conversation):
    before = stored()
    url = reverse("desk:upload", args=[conversation.pk])
    with no_room():
        response = client_of(agent).post(url, {"file": photo(), "kind": "reply"})
    assert response.status_code == 507
    assert "空き" in response.json()["error"]
    assert stored() == before
    assert not Attachment.objects.exists()


def test_a_mail_with_files_waits_for_room_and_leaves_no_half(box):
    before = stored()
    mail = EmailMessage()
    mail["From"], mail["To"] = "hanako@mail.example.jp", "support@desk.example"
    mail["Subject"], mail["Message-ID"] = "写真", "<photo@mail.example.jp>"
    mail.set_content("届きました")
    small = picture(40, 40)
    mail.add_attachment(small, maintype="image", subtype="jpeg", filename="a.jpg")
    mail.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="b.jpg")
    with no_room():
        box.post(posted(mail.as_bytes()))
    event = ProviderEvent.objects.get()
    assert (event.state, event.reason) == (EventState.PENDING, "the disk is full")
    assert stored() == before
    assert not Message.objects.exists()
    ProviderEvent.objects.update(retry_at=timezone.now(), attempts=30)
    process_inbox(event.inbox_id)
    assert Message.objects.get(kind="text").attachments.count() == 2


class DiskFullError(OperationalError):
    """As the driver reports it: psycopg's own error is its cause."""

    def __init__(self) -> None:
        super().__init__("could not extend file: No space left on device")
        self.__cause__ = psycopg.errors.DiskFull()


@pytest.fixture
def _full_database(monkeypatch):
    def full(*_args, **_options):
        raise DiskFullError

    for place in (
        "conversations.webchat.views.messages.receive_from_visitor",
        "conversations.inbound.views.store_events",
        "conversations.replies.views.compose.send_reply",
    ):
        monkeypatch.setattr(place, full)


@pytest.mark.usefixtures("_full_database")
def test_where_the_databases_own_files_find_no_room(webchat, box):
    visitor = ChatVisitor(webchat)
    visitor.begin()
    response = visitor.send("届きますか")
    assert response.status_code == 507
    assert "空き" in response.json()["error"]["text"]
    answer = PROVIDER.post(box.inbox, posted(raw_mail()))
    assert answer.status_code == 507  # its provider posts it again


@pytest.mark.usefixtures("_full_database")
def test_a_page_that_cannot_save_says_why(client_of, agent, conversation):
    http = client_of(agent)
    http.raise_request_exception = False
    url = reverse("desk:compose", args=[conversation.pk])
    fields = {"kind": "reply", "body": "はい", "client_id": str(uuid4())}
    response = http.post(url, fields)
    assert response.status_code == 507
    assert "空き" in response.content.decode()
    assert response.headers["Retry-After"]
