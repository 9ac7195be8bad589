"""A disk that is full: the right status, a clear sentence, and nothing half-written."""

import resource
from pathlib import Path

import pytest
from django.conf import settings as current
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations.models import Attachment, Message
from tests.conversations.webchat import ChatVisitor
from tests.factories.file_bytes import picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def no_room():
    """Files end after a kilobyte: the system refuses the rest, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def stored() -> list[Path]:
    return [one for one in Path(current.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_a_photo_of_the_chat(webchat, no_room):
    before = stored()
    visitor = ChatVisitor(webchat)
    visitor.begin()
    photo = SimpleUploadedFile("a.png", picture((600, 600)), "image/png")
    response = visitor.upload(photo)
    assert response.status_code == 507
    assert "空き" in response.json()["error"]["text"]
    assert stored() == before
    assert not Attachment.objects.exists()
    assert not Message.objects.exists()
