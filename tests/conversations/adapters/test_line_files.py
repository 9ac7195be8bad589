"""Files of answers on LINE: what goes, how it is read, and what is refused."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from conversations.adapters.line.sound import milliseconds
from conversations.models import Attachment
from tests.conversations.line import picture, upload
from tests.conversations.simulated import reply

database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(line):
    return line.write("届きません").conversation


@database
def test_a_picture_goes_with_a_small_one_and_can_be_read_for_weeks(
    line, conversation, agent, time_machine
):
    content = picture()
    key = upload(agent, conversation, "photo.png", content).json()["key"]
    reply(agent, conversation, "こちらです", file=key)
    text, image = line.objects()
    assert (text["type"], image["type"]) == ("text", "image")
    time_machine.move_to(timezone.now() + timedelta(days=29))
    whole = _read(image["originalContentUrl"])
    assert b"".join(whole.streaming_content) == content
    small = b"".join(_read(image["previewImageUrl"]).streaming_content)
    assert len(small) < 1_000_000 < len(content)
    assert Image.open(BytesIO(small)).format == "JPEG"
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert _read(image["originalContentUrl"]).status_code == 404


def _read(address, **headers):
    return Client().get("/hooks/" + address.partition("/hooks/")[2], headers=headers)


MP4 = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4


@database
def test_a_video_has_a_picture_before_it_plays_and_is_read_in_parts(
    line, conversation, agent
):
    key = upload(agent, conversation, "how.mp4", MP4).json()["key"]
    reply(agent, conversation, "", file=key)
    (video,) = line.objects()
    assert video["type"] == "video"
    assert Image.open(BytesIO(_read(video["previewImageUrl"]).content)).format == "JPEG"
    address = video["originalContentUrl"]
    for span, expected in (
        ("bytes=0-1", MP4[:2]),
        ("bytes=1000-", MP4[1000:]),
        ("bytes=-5", MP4[-5:]),
    ):
        part = _read(address, range=span)
        assert part.status_code == 206
        assert b"".join(part.streaming_content) == expected
    assert _read(address, range="bytes=99999-").status_code == 416


@database
@pytest.mark.parametrize(
    ("name", "content"),
    [("price.pdf", b"%PDF-1.4\n%%EOF\n"), ("moving.gif", picture("GIF", 8))],
)
def test_what_line_does_not_carry_is_refused_before_it_is_sent(
    line, conversation, agent, name, content
):
    key = upload(agent, conversation, name, content).json()["key"]
    assert reply(agent, conversation, "こちらです", file=key).status_code == 422
    assert line.seen() == []
    assert Attachment.objects.get(key=key).message is None


def test_line_is_told_how_long_a_recording_is():
    header = b"\0" * 12 + (1000).to_bytes(4, "big") + (61_500).to_bytes(4, "big")
    box = (8 + len(header)).to_bytes(4, "big") + b"mvhd" + header
    moov = (8 + len(box)).to_bytes(4, "big") + b"moov" + box
    assert milliseconds(b"\0\0\0\x10ftypM4A " + bytes(4) + moov) == 61_500
    frames = b"\xff\xfb\x90\x00" + bytes(128_000 // 8 * 3 - 4)  # 128 kbit/s
    assert milliseconds(frames) == 3000
    counted = b"\xff\xfb\x90\x00" + bytes(32) + b"Xing\0\0\0\x01"
    assert milliseconds(counted + (1000).to_bytes(4, "big")) == 26_122
    assert milliseconds(b"") == milliseconds(b"ID3") == 0


@database
def test_a_recording_goes_with_its_length(line, conversation, agent):
    frames = b"\xff\xfb\x90\x00" + bytes(128_000 // 8 * 3 - 4)
    key = upload(agent, conversation, "voice.mp3", frames).json()["key"]
    reply(agent, conversation, "", file=key)
    (sound,) = line.objects()
    assert (sound["type"], sound["duration"]) == ("audio", 3000)
