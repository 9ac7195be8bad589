"""Words and files that come in another wrapping than a mail's own."""

import base64
import struct
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from conversations.adapters.email.mime import read_mail
from conversations.adapters.email.structure import Flaw

HEAD = b"From: h@example.jp\r\nDate: Wed, 25 Nov 2026 10:00:00 +0900\r\n"
INSIDE = (
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n契約書です。\r\n"
    "--x\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n--x--\r\n"
).encode()


def certified(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "h@example.jp")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256())


def sealed(content: bytes, kind: str):
    head = (
        f"Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\n"
    )
    packed = base64.encodebytes(content)
    return HEAD + head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + packed


def signed(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certified(key), key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def test_a_mail_that_is_signed_as_a_whole_is_read():
    mail = read_mail(sealed(signed(INSIDE), "signed-data"))
    assert mail.text == "契約書です。"
    assert [one.name for one in mail.attachments] == ["a.pdf"]
    assert mail.broken == ()


def test_in_pieces_as_openssl_writes_them_too():
    def element(tag, *content):
        return bytes((tag, 0x80)) + b"".join(content) + b"\0\0"

    def chunk(content):
        return b"\x04\x82" + struct.pack(">H", len(content)) + content

    words = element(0x24, chunk(INSIDE[:100]), chunk(INSIDE[100:]))
    inner = element(0x30, b"\x06\x01\x01", element(0xA0, words))
    data = element(0x30, b"\x02\x01\x01", b"\x31\x00", inner)
    raw = element(0x30, b"\x06\x01\x02", element(0xA0, data))
    assert read_mail(sealed(raw, "signed-data")).text == "契約書です。"


def test_one_signature_in_another_a_thousand_times_stops_nobody():
    raw = INSIDE
    for _number in range(1_000):
        size = struct.pack(">I", len(raw))
        head = b"\x30\x80\x06\x01\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80\x06\x01\x01"
        packed = head + b"\xa0\x80\x04\x84" + size + raw
        raw = b"Content-Type: application/pkcs7-mime\r\n\r\n" + packed
    mail = read_mail(HEAD + raw)
    assert mail.broken == (Flaw.SEALED,)
    assert len(mail.attachments) == 1


@pytest.mark.parametrize("content", [b"", b"\x30", b"\x30\x80" * 40, b"\x30\x84" * 9])
def test_what_is_encrypted_or_torn_is_told_and_kept(content):
    mail = read_mail(sealed(content, "enveloped-data"))
    assert mail.broken == (Flaw.SEALED,)
    assert [one.name for one in mail.attachments] == ["smime.p7m"]


def test_what_is_encrypted_for_somebody_is_told():
    key = rsa.generate_private_key(65537, 2048)
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(INSIDE)
    raw = builder.add_recipient(certified(key)).encrypt(
        serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary]
    )
    mail = read_mail(sealed(raw, "enveloped-data"))
    assert (mail.text, mail.broken) == ("", (Flaw.SEALED,))


def test_an_encrypted_text_is_told():
    body = b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQ\r\n-----END PGP MESSAGE-----\r\n"
    assert read_mail(HEAD + body).broken == (Flaw.SEALED,)


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(value)) + value + b"\0\0"


def winmail(*files: tuple[str, bytes]) -> bytes:
    raw = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x00089006, b"\0\0\1\0")
    for name, content in files:
        raw += attribute(2, 0x00069002, b"\0" * 14)
        raw += attribute(2, 0x00018010, name.encode("cp932") + b"\0")
        raw += attribute(2, 0x0006800F, content)
    return raw


def with_winmail(raw: bytes):
    return read_mail(
        HEAD
        + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(raw)
    )


def test_the_files_in_outlooks_wrapping_are_files():
    mail = with_winmail(winmail(("見積書①.pdf", b"%PDF"), ("../b.txt", b"b")))
    assert [(one.name, one.content_type) for one in mail.attachments] == [
        ("winmail.dat", "application/ms-tnef"),
        ("見積書①.pdf", "application/pdf"),
        ("b.txt", "text/plain"),
    ]
    assert mail.attachments[1].content == b"%PDF"


@pytest.mark.parametrize(
    "raw", [b"", b"\x78\x9f\x3e\x22", winmail(("a.txt", b"a"))[:-8], b"x" * 99]
)
def test_a_torn_wrapping_stays_a_file(raw):
    assert [one.name for one in with_winmail(raw).attachments][:1] == ["winmail.dat"]


def test_an_invitation_without_words_says_what_to_and_when():
    body = (
        "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
        "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nDTSTART:16010101T000000\r\n"
        "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=ja:打ち合わせ\\, 第二\r\n 回\r\n"
        "DTSTART;TZID=Tokyo Standard Time:20261126T100000\r\nDTEND:20261126T020000Z\r\n"
        "LOCATION:会議室\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = read_mail(HEAD + body.encode())
    assert mail.text == (
        "打ち合わせ, 第二回\n2026/11/26 10:00 – 2026/11/26 02:00 UTC\n会議室"
    )
    assert [one.name for one in mail.attachments] == ["invite.ics"]


@pytest.mark.parametrize(
    ("disposition", "text"),
    [
        (b"Content-Disposition: inline; filename=body.txt\r\n", "words"),
        (b"Content-Disposition: attachment; filename=log.txt\r\n", ""),
    ],
)
def test_words_that_came_as_a_file_are_read_where_there_are_no_others(
    disposition, text
):
    raw = (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/plain\r\n" + disposition + b"\r\nwords\r\n--x--"
    )
    mail = read_mail(raw)
    assert (mail.text, len(mail.attachments)) == (text, 1)
    alone = read_mail(HEAD + disposition + b"\r\nwords")
    assert alone.text == "words"
