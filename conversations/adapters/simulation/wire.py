"""Requests and answers of the small server behind the simulators."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request. `path` is without the channel; `headers` have lower-case names."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False

    @classmethod
    def json(
        cls, value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "Answer":
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(body, status, headers=headers or {})

    @classmethod
    def html(cls, text: str) -> "Answer":
        return cls(text.encode(), content_type="text/html; charset=utf-8")

    @classmethod
    def see_other(cls, address: str) -> "Answer":
        return cls(status=303, headers={"Location": address})

    @classmethod
    def cut(cls) -> "Answer":
        """No answer at all: the connection ends."""
        return cls(is_cut=True)


def form_parts(request: Request) -> dict[str, tuple[bytes, str, str]]:
    """The parts of a form with files: bytes, file name and content type, by name."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    parts = {}
    for part in message_from_bytes(head + request.body, policy=HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            parts[name] = (content, part.get_filename() or "", part.get_content_type())
    return parts
