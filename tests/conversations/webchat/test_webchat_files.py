"""Files of visitors: what they are, not what they are called; for their chat only."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conversations.models import Attachment, Conversation, Message, Visitor
from tests.conversations.webchat.chat import ChatVisitor


def picture(kind="PNG", size=(40, 30)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind)
    return target.getvalue()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return target.getvalue()


def sent(name: str, content: bytes, declared="application/octet-stream"):
    return SimpleUploadedFile(name, content, declared)


@pytest.fixture
def visitor(webchat) -> ChatVisitor:
    visitor = ChatVisitor(webchat)
    visitor.begin()
    return visitor


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("写真.png", picture(), "image/png"),
        ("photo.JPG", picture("JPEG"), "image/jpeg"),
        ("really-a-jpeg.png", picture("JPEG"), "image/jpeg"),
        ("領収書.pdf", b"%PDF-1.7\n...", "application/pdf"),
        ("メモ.txt", "こんにちは".encode("cp932"), "text/plain"),
        ("data.csv", b"a,b\n1,2", "text/csv"),
        (
            "表.xlsx",
            zipped(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_a_good_file_is_one_message_with_its_sniffed_kind(visitor, name, content, kind):
    response = visitor.upload(sent(name, content, "text/html"))
    assert response.status_code == 201, response.content
    [file] = response.json()["message"]["files"]
    assert (file["name"], file["type"], file["size"]) == (name, kind, len(content))
    back = visitor.get(f"files/{file['key']}/")
    assert b"".join(back.streaming_content) == content
    assert back["Content-Type"].startswith(kind)
    assert back["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back["Content-Security-Policy"]
    is_image = kind.startswith("image/")
    assert back["Content-Disposition"].startswith("inline" if is_image else "attach")
    words = "[画像]" if is_image else "[ファイル]"
    assert Conversation.objects.get().preview == words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evil.png", b"MZ\x90\x00" + b"\x00" * 200),
        ("page.html", b"<script>alert(1)</script>"),
        ("page.png", b"<html><script>alert(1)</script></html>"),
        ("picture.svg", b"<svg onload='alert(1)'/>"),
        ("program.exe", b"MZ"),
        ("broken.png", picture()[:40]),
        ("fake.pdf", b"not a pdf"),
        ("binary.txt", b"abc\x00def"),
        ("empty.txt", b""),
        ("noextension", b"text"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    visitor, name, content, settings
):
    response = visitor.upload(sent(name, content, "image/png"))
    assert response.status_code == 422
    assert response.json()["error"]["text"]
    assert not Attachment.objects.exists()
    assert not Visitor.objects.exists()


def test_a_file_over_the_limit_is_refused(visitor, settings):
    settings.FILE_UPLOAD_MAX_BYTES = 1000
    response = visitor.upload(sent("large.txt", b"a" * 1001))
    assert response.status_code == 422
    assert not Message.objects.exists()


def test_a_huge_body_is_refused_unread(visitor):
    response = visitor.client.post(
        f"/chat/{visitor.inbox.key}/files/",
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**10),
        headers={"Authorization": f"Visitor {visitor.token}"},
    )
    assert response.status_code == 413


def test_a_file_sent_twice_is_stored_once(visitor):
    client_id = "8f9c8e0e-3f57-4c56-9d51-6a1c3f1b2a11"
    first = visitor.upload(sent("a.txt", b"a"), client_id)
    again = visitor.upload(sent("a.txt", b"a"), client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert Attachment.objects.count() == 1
    storage = Attachment.objects.get().file.storage
    folder = str(visitor.inbox.account_id)
    assert len(storage.listdir(folder)[1]) == 1


def test_a_path_in_a_name_is_cut_off_and_the_place_is_random(visitor):
    visitor.upload(sent("x\u202etxt.a\n.txt", b"a"))
    file = Attachment.objects.get()
    assert "/" not in file.name
    assert "\n" not in file.name
    assert "\u202e" not in file.name
    assert file.name not in file.file.name


def test_another_visitor_cannot_read_the_file(visitor, webchat):
    key = visitor.upload(sent("a.txt", b"a")).json()["message"]["files"][0]["key"]
    other = ChatVisitor(webchat)
    other.begin()
    assert other.get(f"files/{key}/").status_code == 404
    other.send("今は知られた訪問者")
    assert other.get(f"files/{key}/").status_code == 404
    other.token = ""
    assert other.get(f"files/{key}/").status_code == 401


def test_an_upload_without_a_file_is_refused(visitor):
    response = visitor.client.post(
        f"/chat/{visitor.inbox.key}/files/",
        {"client_id": "x"},
        headers={"Authorization": f"Visitor {visitor.token}"},
    )
    assert response.status_code == 422
