"""Files of the desk: previews that harm nobody, parts for players, and asking again."""

import io
import threading
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from agentdesk.jobs.registry import sweep_of
from conversations.adapters.events import Unsend
from conversations.choices import FileState
from conversations.inbound.updates import apply_unsend
from conversations.messages import make_preview as drawing
from conversations.messages.make_preview import files_to_draw, make_preview
from conversations.messages.previews.draw import NoPreviewError, draw
from conversations.messages.tasks import make_preview as make_preview_task
from conversations.models import Attachment
from tests.factories.file_bytes import pdf, picture
from tests.factories.threads import file_of, inbound_message, line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(conversation):
    inbox, reach = line_of(conversation)
    return inbound_message(conversation, inbox, content="file", identity=reach.identity)


@pytest.fixture
def stored(message):
    def storing(content, name, content_type, **fields):
        return file_of(message, content, name=name, content_type=content_type, **fields)

    return storing


def body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def drawn(attachment) -> Image.Image:
    attachment.refresh_from_db()
    with attachment.preview.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.mark.django_db(transaction=True)
def test_an_upload_has_its_preview_at_once(client_of, agent, conversation):
    upload = SimpleUploadedFile("納品書.pdf", pdf(), "application/pdf")
    client = client_of(agent)
    url = reverse("desk:upload", args=[conversation.pk])
    uploaded = client.post(url, {"file": upload, "kind": "reply"}).json()
    assert uploaded["type"] == "application/pdf"
    preview = client.get(reverse("desk:preview", args=[uploaded["key"]]))
    assert preview.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in preview.headers["Content-Security-Policy"]
    assert Image.open(io.BytesIO(body(preview))).height == 720


def draw_all() -> None:
    for pk in files_to_draw():
        make_preview(pk)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_came_without_a_task_is_found_by_the_sweep(stored):
    found = stored(picture(), "a.png", "image/png")
    sweep_of(make_preview_task)()
    assert drawn(found).size == (640, 400)


def test_a_picture_is_drawn_small_upright_and_only_once(stored):
    on_its_side = Image.Exif()
    on_its_side[0x0112] = 6
    content = picture(1600, 900, exif=on_its_side.tobytes())
    found = stored(content, "a.jpg", "image/jpeg", width=1600, height=900)
    assert files_to_draw() == [found.pk]
    draw_all()
    small = drawn(found)
    assert small.size == (405, 720)
    assert (found.width, found.height) == (900, 1600)
    assert files_to_draw() == []
    assert make_preview(found.pk) is None


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%PDF-1.7\n" + b"\0" * 500, "application/pdf"),
        (picture()[:200], "image/jpeg"),
        (b"GIF89a" + b"\xff" * 40, "image/gif"),
    ],
)
def test_what_cannot_be_drawn_stays_a_file(stored, content, content_type):
    found = stored(content, "x", content_type)
    draw_all()
    found.refresh_from_db()
    assert not found.preview
    assert files_to_draw() == []


def test_a_file_that_takes_for_ever_is_given_up(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf())
    with path.open("rb") as file, pytest.raises(NoPreviewError):
        draw(file, seconds=0.001)


def test_a_page_as_large_as_a_house_is_drawn_small(tmp_path: Path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf().replace(b"[0 0 595 842]", b"[0 0 900000 842]"))
    with path.open("rb") as file:
        small = draw(file)
    assert max(small.width, small.height) <= 721


SOUND = b"ID3" + bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("requested", "status", "part", "content_range"),
    [
        ("bytes=0-9", 206, SOUND[:10], f"bytes 0-9/{len(SOUND)}"),
        ("bytes=1000-", 206, SOUND[1000:], f"bytes 1000-1026/{len(SOUND)}"),
        ("bytes=-5", 206, SOUND[-5:], f"bytes 1022-1026/{len(SOUND)}"),
        ("bytes=5-99999", 206, SOUND[5:], f"bytes 5-1026/{len(SOUND)}"),
        ("bytes=5000-", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=-0", 416, b"", f"bytes */{len(SOUND)}"),
        ("bytes=9-5", 200, SOUND, None),
        ("bytes=0-1,4-5", 200, SOUND, None),
        ("lines=0-9", 200, SOUND, None),
        ("", 200, SOUND, None),
    ],
)
def test_a_player_gets_the_part_it_asks_for(
    client_of, agent, stored, requested, status, part, content_range
):
    found = stored(SOUND, "声.mp3", "audio/mpeg")
    url = reverse("desk:file", args=[found.key])
    answer = client_of(agent).get(
        url, headers={"Range": requested} if requested else {}
    )
    assert answer.status_code == status
    assert body(answer) == part
    assert answer.headers.get("Content-Range") == content_range
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    if status != 416:
        assert answer.headers["Content-Length"] == str(len(part))
        assert answer.headers["Content-Type"] == "audio/mpeg"


def test_a_part_of_what_has_changed_is_the_whole(client_of, agent, stored):
    found = stored(SOUND, "声.mp3", "audio/mpeg")
    url = reverse("desk:file", args=[found.key])
    client = client_of(agent)
    tag = client.get(url).headers["ETag"]
    same = client.get(url, headers={"Range": "bytes=0-1", "If-Range": tag})
    other = client.get(url, headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_what_may_carry_a_script_is_only_saved(client_of, agent, stored):
    found = stored(b"<svg onload=alert(1)>", "x.svg", "application/octet-stream")
    answer = client_of(agent).get(reverse("desk:file", args=[found.key]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_could_not_be_had_is_asked_for_again_once(
    client_of, agent, stranger, message, monkeypatch
):
    handed = []
    monkeypatch.setattr(
        "conversations.desk.views.files.enqueue", lambda _task, pk: handed.append(pk)
    )
    lost = file_of(message, name="a.jpg", content_type="", state=FileState.FAILED)
    url = reverse("desk:file-fetch", args=[lost.key])
    assert client_of(stranger).post(url).status_code == 404
    for _press in range(2):
        answer = client_of(agent).post(url)
        assert "取得中" in answer.content.decode()
    assert handed == [lost.pk]
    assert Attachment.objects.get().state == FileState.WAITING
    assert (
        client_of(agent).get(reverse("desk:file", args=[lost.key])).status_code == 404
    )


def test_nobody_of_another_account_sees_a_file_or_its_preview(
    client_of, stranger, stored
):
    found = stored(picture(), "a.jpg", "image/jpeg")
    draw_all()
    for name in ("file", "preview"):
        url = reverse(f"desk:{name}", args=[found.key])
        assert client_of(stranger).get(url).status_code == 404


def test_a_picture_keeps_its_place_before_it_is_there(
    client_of, agent, stored, message
):
    stored(picture(), "a.jpg", "image/jpeg", width=640, height=400)
    stored(picture(), "b.jpg", "image/jpeg", width=10, height=9000)
    url = reverse("desk:message", args=[message.conversation_id, message.pk])
    html = client_of(agent).get(url).content.decode()
    assert 'width="288" height="180"' in html
    assert 'width="48" height="224"' in html


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_message_that_was_taken_back_stays_on_disk(stored, message):
    found = stored(picture(), "a.jpg", "image/jpeg")
    draw_all()
    found.refresh_from_db()
    paths = [Path(found.file.path), Path(found.preview.path)]
    assert all(path.exists() for path in paths)
    event = Unsend(message.provider_message_id, None)
    apply_unsend(message.inbox, event, received_at=timezone.now())
    assert not any(path.exists() for path in paths)


@pytest.mark.django_db(transaction=True)
def test_many_pictures_at_once_keep_one_thread_and_are_all_drawn(stored, monkeypatch):
    """A mail with 200 files is drawn while others still write."""
    first, second = (stored(picture(), f"{n}.png", "image/png") for n in range(2))
    begun, goes_on = threading.Event(), threading.Event()

    def slowly(file):
        begun.set()
        assert goes_on.wait(20)
        return draw(file)

    def in_a_thread():
        make_preview_task(first.pk)
        connection.close()

    monkeypatch.setattr(drawing, "draw", slowly)
    busy = threading.Thread(target=in_a_thread)
    busy.start()
    assert begun.wait(20)
    make_preview_task(second.pk)  # comes back at once, and has not drawn it
    second.refresh_from_db()
    assert second.preview_tried_at is None
    goes_on.set()
    busy.join(40)
    assert drawn(second).size == drawn(first).size == (640, 400)
