"""Every shape is read as a person reads it, and by the front door it is a message."""

import pytest
from django.core.cache import cache

from conversations.adapters.email.mime import read_mail
from conversations.models import Message
from tests.conversations.adapters.email import shapes
from tests.conversations.adapters.email.odd_shapes import ODD_SHAPES
from tests.conversations.providers.email import posted

SHAPES = shapes.SHAPES | ODD_SHAPES
READ = {
    "text": lambda mail: mail.text.strip(),
    "from": lambda mail: (mail.from_.name, mail.from_.address),
    "to": lambda mail: [one.address for one in mail.to],
    "files": lambda mail: [one.name for one in mail.attachments],
    "inline": lambda mail: [one.name for one in mail.attachments if one.is_inline],
}


def raw_of(name: str) -> bytes:
    raw = SHAPES[name][0]
    return raw if isinstance(raw, bytes) else raw.encode()


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_it_reads_as_a_person_reads_it(name, line_end):
    mail = read_mail(raw_of(name).replace(b"\n", line_end))
    expected = SHAPES[name][1]
    assert {key: READ[key](mail) for key in expected} == expected


@pytest.mark.django_db
def test_each_is_a_message_in_a_thread_that_can_be_drawn(box, agent, client_of):
    for name in SHAPES:
        box.post(posted(raw_of(name)))
    assert Message.objects.filter(kind="text").count() == len(SHAPES)
    cache.clear()
    conversation = Message.objects.filter(kind="text").latest("pk").conversation
    assert client_of(agent).get(f"/conversations/{conversation.pk}/").status_code == 200
