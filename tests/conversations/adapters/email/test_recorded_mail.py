"""Mail as real programs write it, against what a person reads in it (readings.json).

A key that is left out is not looked at; `own` and `folded` are the text's pieces.
"""

import json
from pathlib import Path

import pytest

from conversations.adapters.email.automatic import recognise
from conversations.adapters.email.html import clean_html
from conversations.adapters.email.mime import read_mail
from conversations.adapters.email.quote import own_words, split_quotes
from tests.payloads import mails

READINGS = json.loads(
    (Path(__file__).parent / "readings.json").read_text(encoding="utf-8")
)
MAILS = {path.stem: path for path in mails()}
SERVER = "mx.example.com"


def pair(address):
    return None if address is None else [address.name, address.address]


def pairs(addresses):
    return [pair(address) for address in addresses]


def folded(mail):
    return [
        piece.kind.value
        for piece in split_quotes(mail.text)
        if piece.is_folded and piece.text.strip()
    ]


def bounce(mail):
    (found,) = recognise(mail).bounces
    return {
        name: getattr(found, name)
        for name in ("recipient", "status", "original_id", "is_delayed", "diagnostic")
    }


def verdict(mail):
    findings = vars(mail.verdict)
    return {**findings, "dkim_domains": list(findings["dkim_domains"])}


READ = {
    "subject": lambda mail: mail.subject,
    "from_": lambda mail: pair(mail.from_),
    "to": lambda mail: pairs(mail.to),
    "cc": lambda mail: pairs(mail.cc),
    "reply_to": lambda mail: pairs(mail.reply_to),
    "message_id": lambda mail: mail.message_id,
    "in_reply_to": lambda mail: mail.in_reply_to,
    "references": lambda mail: list(mail.references),
    "date": lambda mail: mail.date and mail.date.isoformat(),
    "text": lambda mail: mail.text.rstrip("\n"),
    "own": lambda mail: own_words(mail.text),
    "folded": folded,
    "files": lambda mail: [
        [one.name, one.content_type, one.is_inline] for one in mail.attachments
    ],
    "broken": lambda mail: list(mail.broken),
    "verdict": verdict,
    "bounce": bounce,
    "is_auto_reply": lambda mail: recognise(mail).is_auto_reply,
    "looks_automatic": lambda mail: recognise(mail).looks_automatic,
    "is_list": lambda mail: recognise(mail).is_list,
}
CONTAINED = {
    "has": lambda mail: mail.text,
    "own_has": lambda mail: own_words(mail.text),
    "html_has": lambda mail: mail.html,
}


def test_every_recorded_mail_has_its_reading():
    assert set(READINGS) == set(MAILS)
    assert len(MAILS) >= 25


@pytest.mark.parametrize("name", sorted(MAILS))
def test_it_reads_as_a_person_reads_it(name):
    mail = read_mail(MAILS[name].read_bytes(), server=SERVER)
    expected = READINGS[name]
    if "text" in expected:
        expected["text"] = expected["text"].rstrip("\n")
    for key, value in expected.items():
        if key in CONTAINED:
            words = [value] if isinstance(value, str) else value
            assert all(word in CONTAINED[key](mail) for word in words), key
        else:
            assert READ[key](mail) == value, key
    assert list(mail.broken) == expected.get("broken", [])


@pytest.mark.parametrize("name", sorted(MAILS))
def test_nothing_of_a_recorded_mail_is_lost_or_unreadable(name):
    mail = read_mail(MAILS[name].read_bytes())
    assert "".join(piece.text for piece in split_quotes(mail.text)) == mail.text
    if "cut-off" not in name:
        assert "\ufffd" not in mail.text + mail.html + mail.subject
    assert "<script" not in clean_html(mail.html).html


def test_the_carriers_decorated_mail_shows_its_picture_in_its_place():
    mail = read_mail(MAILS["docomo-decome"].read_bytes())
    (picture,) = mail.attachments
    shown = clean_html(mail.html, {picture.content_id: "/files/1/"})
    assert '<img src="/files/1/">' in shown.html
    assert shown.blocked == 0
    assert picture.content.startswith(b"GIF89a")


def test_an_attached_mail_is_kept_byte_for_byte():
    raw = MAILS["forward-as-attachment"].read_bytes()
    (attached,) = read_mail(raw).attachments
    assert attached.content.startswith(b"From: evil@example.net\r\n")
    assert attached.content.endswith(b"inner\r\n--R2--")
    assert attached.content in raw
