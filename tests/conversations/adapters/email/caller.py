"""Providers as they call: forms, JSON, signatures."""

import hashlib
import hmac
import time

import pytest
from django.test import Client

from conversations.models import Message
from tests.conversations.providers.email import PROVIDER, raw_mail

SECRET = PROVIDER.secrets["webhook_secret"]
KEY = "key-of-the-test-that-signs"


class Caller:
    def __init__(self, box) -> None:
        self.box = box

    def post(self, body, content_type, *, query="", **headers) -> int:
        path = f"/hooks/{self.box.inbox.key}/{query}"
        with self.box.committing(execute=True):
            answer = Client().post(
                path, body, content_type=content_type, headers=headers
            )
        return answer.status_code

    def form(self, fields: dict[str, bytes], *, query="", files=()) -> int:
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            + value
            + b"\r\n"
            for name, value in fields.items()
        ]
        parts += [
            f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.txt"\r\n'
            "Content-Type: text/plain\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, content in files
        ]
        body = b"".join([*parts, b"--b--\r\n"])
        return self.post(body, "multipart/form-data; boundary=b", query=query)


@pytest.fixture
def caller(box) -> Caller:
    return Caller(box)


def only_message() -> Message:
    return Message.objects.get(kind="text")


def sjis(text="半角ｶﾅと①") -> bytes:
    """Raw 8-bit Shift_JIS, which no text field survives."""
    raw = raw_mail("@@", subject="テスト").replace(
        b"charset=utf-8", b"charset=shift_jis"
    )
    return raw.replace(b"@@", text.encode("cp932"))


def signed(token="t" * 50, at=None, key=KEY) -> dict[str, bytes]:
    timestamp = str(int(at or time.time()))
    digest = hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256)
    return {
        "timestamp": timestamp.encode(),
        "token": token.encode(),
        "signature": digest.hexdigest().encode(),
    }
