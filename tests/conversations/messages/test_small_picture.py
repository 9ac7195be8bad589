"""The small picture of an agent's file, for a provider that asks before one was drawn."""

from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageFile

from conversations.connections.connection import outbound_address
from conversations.models import Attachment, Message
from tests.conversations.providers.line import PROVIDER, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shown(account, queue, settings):
    """What a provider gets for the picture of a reply."""
    settings.LOCAL_URL = "http://testserver"
    inbox = PROVIDER.connected(account, queue)
    PROVIDER.post(inbox, write("写真をください"))
    inbound = Message.objects.get(kind="text")
    reply = Message.objects.create(
        account=account,
        conversation=inbound.conversation,
        inbox=inbox,
        kind="text",
        direction="outbound",
    )

    def fetch(content: bytes) -> Image.Image:
        attachment = Attachment(
            account=account,
            conversation=inbound.conversation,
            message=reply,
            name="a.png",
            content_type="image/png",
            size=len(content),
        )
        attachment.file.save("1/x", ContentFile(content))
        address = outbound_address(attachment, life=timedelta(hours=1), is_preview=True)
        answer = Client().get(address.removeprefix("http://testserver"))
        assert answer["Content-Type"] == "image/jpeg"
        return Image.open(BytesIO(answer.content))

    return fetch


def png(width: int, height: int, color: tuple[int, int, int]) -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), color).save(written, "PNG")
    return written.getvalue()


def test_it_is_the_picture_itself(shown):
    picture = shown(png(1440, 720, (200, 0, 0)))
    assert picture.size == (720, 360)
    assert picture.getpixel((300, 100))[0] > 180


def test_a_picture_of_many_pixels_is_drawn_by_another_process(shown):
    content = png(9000, 8000, (200, 0, 0))
    here = AssertionError("drawn by the web process")
    with patch.object(ImageFile.ImageFile, "load", side_effect=here):
        picture = shown(content)
    assert max(picture.size) <= 720


def test_of_what_cannot_be_drawn_there_is_a_sign(shown):
    picture = shown(png(9, 9, (0, 0, 0))[:40])
    assert picture.size == (480, 360)
