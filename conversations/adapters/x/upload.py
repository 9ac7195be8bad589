"""Giving X a file before the message that carries it. Source: X, "Chunked upload"."""

import time
from typing import Any

from conversations.adapters.base import OutboundFile
from conversations.adapters.failures import SendError
from conversations.adapters.x.client import XClient
from conversations.choices import FailureCode

_PIECE = 4 * 1024 * 1024
_LONGEST_WAIT = 60  # seconds that X may take to look at a film
_CATEGORIES = {"image/gif": "dm_gif", "video/mp4": "dm_video"}


def upload(client: XClient, file: OutboundFile) -> str:
    """The id to attach. Raises SendError, never ambiguous: no message has left yet."""
    try:
        return _upload(client, file)
    except SendError as error:
        error.is_ambiguous = False
        raise


def _upload(client: XClient, file: OutboundFile) -> str:
    content = file.load()
    begun = client.request(
        "POST",
        "/2/media/upload/initialize",
        json={
            "media_type": file.content_type,
            "total_bytes": len(content),
            "media_category": _CATEGORIES.get(file.content_type, "dm_image"),
        },
    )
    media_id = str(begun.get("data", {}).get("id", ""))
    if not media_id.isdecimal():
        raise SendError(FailureCode.PROVIDER, "no id of the file", permanent=False)
    for number, start in enumerate(range(0, len(content), _PIECE)):
        client.request(
            "POST",
            f"/2/media/upload/{media_id}/append",
            data={"segment_index": str(number)},
            files={"media": (file.name, content[start : start + _PIECE])},
        )
    answer = client.request("POST", f"/2/media/upload/{media_id}/finalize")
    _await(client, media_id, answer)
    return media_id


def _await(client: XClient, media_id: str, answer: dict[str, Any]) -> None:
    """X says how long to wait before we ask again."""
    until = time.monotonic() + _LONGEST_WAIT
    while True:
        state = answer.get("data", {}).get("processing_info") or {}
        if state.get("state") in {None, "succeeded"}:
            return
        if state["state"] == "failed":
            detail = str((state.get("error") or {}).get("message", ""))
            raise SendError(FailureCode.CONTENT, detail[:250], permanent=True)
        pause = min(float(state.get("check_after_secs", 1)), 10)
        if time.monotonic() + pause > until:
            raise SendError(
                FailureCode.PROVIDER, "the file is not ready", permanent=False
            )
        time.sleep(pause)
        answer = client.request(
            "GET",
            "/2/media/upload",
            params={"command": "STATUS", "media_id": media_id},
        )
