"""Who and what there is in the simulated LINE."""

import hashlib
import re
import time
from dataclasses import dataclass, field

BOT = "U" + "b" * 32
ID = re.compile(r"[UCR][0-9a-f]{32}")
_KINDS = {"U": "user", "C": "group", "R": "room"}


@dataclass
class Content:
    """A file a customer has sent. It is prepared after so many looks, kept until deleted."""

    body: bytes
    content_type: str
    looks_until_ready: int = 0


@dataclass
class Person:
    """Who writes. `place` is their own id, or that of a group they write in."""

    user_id: str
    place: str
    kind: str = "user"
    name: str = ""
    has_blocked: bool = False
    is_friend: bool = True


@dataclass
class Token:
    """Of a reply, a link or a read mark; it is good for one bot and one person."""

    person: str
    bot: str = ""  # of a link: the key of the inbox that asked for it
    at: float = field(default_factory=time.time)
    is_used: bool = False


def new_person(name: str) -> Person:
    if ID.fullmatch(name):
        return Person(name, name, _KINDS[name[0]], f"ゲスト{name[-4:]}")
    place, _colon, who = name.rpartition(":")
    user = f"U{digest(f'user {who}')}"
    if not place:
        return Person(user, user, name=f"ゲスト{who}")
    letter = "R" if place.startswith("r") else "C"
    return Person(user, f"{letter}{digest(place)}", _KINDS[letter], f"ゲスト{who}")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
