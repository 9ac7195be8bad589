"""Mail that is broken, hostile or huge: shown as far as it can be read."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.adapters.email.automatic import recognise
from conversations.adapters.email.html import clean_html
from conversations.adapters.email.mime import read_mail
from conversations.adapters.email.quote import split_quotes
from conversations.adapters.email.structure import MAX_PARTS, Flaw
from tests.effort import assert_effort_below
from tests.payloads import mails

HEAD = b"From: a@example.jp\r\nDate: Wed, 25 Nov 2026 10:00:00 +0900\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"


def text_mail(fields: bytes, body: bytes):
    return read_mail(HEAD + fields + b"\r\n" + body)


def test_of_a_thousand_parts_two_hundred_are_read_and_the_rest_is_told():
    part = b"--x\r\nContent-Type: image/png\r\n\r\nx\r\n"
    mail = read_mail(MIXED + part * 1_000 + b"--x--")
    assert len(mail.attachments) == MAX_PARTS
    assert mail.broken == (Flaw.PARTS,)


@pytest.mark.parametrize("depth", [13, 500, 5_000])
def test_a_nesting_bomb_is_shown_as_text(depth):
    raw = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(depth)
    )
    mail = read_mail(raw + b"\r\nhello")
    assert "hello" in mail.text
    assert mail.broken == (Flaw.DEPTH,)


def test_a_reasonable_nesting_is_read_to_its_end():
    raw = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(8)
    )
    mail = read_mail(raw + b"\r\nhello")
    assert (mail.text, mail.broken) == ("hello", ())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"\r\n\r\nonly words", "only words"),
        (b"no header at all", "no header at all"),
        (HEAD, ""),
        (HEAD + b"\r\n", ""),
        (HEAD + b"\r\na\x00b\x1b\x07c", "abc"),
        (HEAD.replace(b"\r\n", b"\r") + b"\rhi", "hi"),
        (HEAD.replace(b"\r\n", b"\n") + b"\nhi", "hi"),
        (MIXED, ""),
        (MIXED + b"no boundary here", "no boundary here"),
        (MIXED + b"--x\r\n\r\na\r\n--x--\r\nepilogue", "a"),
        (MIXED + b"preamble\r\n--x\r\n\r\ncut off", "cut off"),
        (MIXED + b"--xy\r\n\r\n--x\r\n\r\na\r\n--x-\r\nb", "a\n--x-\nb"),
    ],
)
def test_what_can_be_read_of_a_torn_mail_is_read(raw, text):
    assert read_mail(raw).text == text


def test_an_unknown_packing_is_left_as_it_is_and_told():
    mail = text_mail(b"Content-Transfer-Encoding: x-new\r\n", b"=E3=81=82")
    assert (mail.text, mail.broken) == ("=E3=81=82", (Flaw.ENCODING,))


def test_a_uuencoded_file_in_the_text_is_a_file_and_what_only_looks_so_stays():
    packed = b"begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n"
    mail = text_mail(b"", b"hi\r\n\r\n" + packed + b"bye\r\n")
    assert mail.text == "hi\n\nbye\n"
    assert [(one.name, one.content) for one in mail.attachments] == [("a.txt", b"abc")]
    for body in (packed[:-5], b"begin 644 the work\r\nToday at ten\r\nend\r\n"):
        assert text_mail(b"", body).text == body.decode().replace("\r\n", "\n")
        assert not text_mail(b"", body).attachments


@pytest.mark.parametrize(
    "body", [b"44GC44GE", b"44GC\r\n44GE\r\n", b"44GC*44GE==", b"44GC44GEx"]
)
def test_base64_is_read_as_far_as_it_goes(body):
    fields = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: BASE64\r\n"
    assert text_mail(fields, body).text == "あい"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"44GC44GE\r\n-- \r\nlist footer\r\n", "あい\n-- \nlist footer"),
        (b"44GC44GEYQ==\r\n\r\nchecked by x\r\n", "あいa\nchecked by x"),
        (b"44GCYQ==\r\n44GC\r\n", "あaあ"),  # packed twice
        ("こんにちは、山田です。".encode(), "こんにちは、山田です。"),
        (b"Hello\r\nthere my friend", "Hello\nthere my friend"),
    ],
)
def test_words_that_were_never_packed_are_read_as_they_are(body, text):
    fields = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    assert text_mail(fields, body).text.strip() == text


def test_flowed_text_is_put_together_and_its_quotes_stay_apart():
    fields = b"Content-Type: text/plain; format=flowed\r\n"
    body = b"> quoted and \r\n> long \r\nown \r\nwords\r\n -- stuffed\r\n-- \r\nname"
    assert text_mail(fields, body).text == (
        "> quoted and long \nown words\n-- stuffed\n-- \nname"
    )


def test_words_that_come_in_two_languages_of_markup_are_one():
    alternative = (
        b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\n\r\nplain\r\n--x\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--x--"
    )
    mail = read_mail(HEAD + alternative)
    assert (mail.text, mail.html, mail.attachments) == ("plain", "<b>rich</b>", ())


def test_apple_mails_html_around_a_file_is_one():
    html = b"--y\r\nContent-Type: text/html\r\n\r\n<i>%s</i>\r\n"
    pdf = b"--y\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n"
    mail = read_mail(
        HEAD + b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\n\r\nplain\r\n"
        b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n"
        + html % b"one"
        + pdf
        + html % b"two"
        + b"--y--\r\n--x--"
    )
    assert (mail.text, mail.html) == ("plain", "<i>one</i>\n<i>two</i>")
    assert [one.name for one in mail.attachments] == ["a.pdf"]


def test_a_type_without_its_semicolon_is_read():
    mail = text_mail(
        b"Content-Type: text/html charset=shift_jis\r\n", b"<b>\x93\xfa</b>"
    )
    assert (mail.text, mail.attachments) == ("日", ())


def test_an_empty_plain_part_does_not_hide_the_html():
    mail = read_mail(
        HEAD + b"Content-Type: multipart/alternative; boundary=x\r\n\r\n"
        b"--x\r\n\r\n \r\n--x\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--x--"
    )
    assert mail.text == "rich"


def test_words_before_and_after_html_are_shown_with_it():
    mail = read_mail(
        MIXED + b"--x\r\n\r\n<before>\r\n--x\r\nContent-Type: text/html\r\n\r\n"
        b"<b>rich</b>\r\n--x\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename=a.txt\r\n\r\nfile\r\n--x--"
    )
    assert mail.text == "<before>\nrich"
    assert mail.html == "<pre>&lt;before&gt;</pre>\n<b>rich</b>"
    assert [(one.name, one.content) for one in mail.attachments] == [("a.txt", b"file")]


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        (
            b"mx.example.com; dkim=pass header.d=A.example; spf=softfail",
            ("pass", "softfail", ""),
        ),
        (
            b"MX.example.com 1; dkim=fail (bad); dkim=pass; dmarc=none",
            ("pass", "", "none"),
        ),
        (b"mx.example.com; none", ("", "", "")),
        (b"other.example.com; dkim=pass; spf=pass; dmarc=pass", ("", "", "")),
        (b"mx.example.com.evil.example; dkim=pass", ("", "", "")),
    ],
)
def test_only_our_own_servers_verdict_counts(fields, verdict):
    raw = b"Authentication-Results: " + fields + b"\r\n" + HEAD + b"\r\n"
    read = read_mail(raw, server="mx.example.com").verdict
    assert (read.dkim, read.spf, read.dmarc) == verdict
    assert read_mail(raw).verdict.dkim == ""


def test_a_verdict_that_came_with_the_mail_does_not_add_to_ours():
    raw = (
        b"Authentication-Results: mx.example.com; spf=fail\r\n"
        b"Received: from x by mx.example.com\r\n"
        b"Authentication-Results: mx.example.com; spf=pass; dkim=pass; dmarc=pass\r\n"
    )
    read = read_mail(raw + HEAD + b"\r\n", server="mx.example.com").verdict
    assert (read.spf, read.dkim, read.dmarc) == ("fail", "", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"X: " + b"a" * 10_000_000 + b"\r\n\r\nhi",
        HEAD + b"\r\n" + b"\n" * 5_000_000,
        MIXED + b"--x \t" * 1_000_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 1_100_000,
        HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"abc \n" * 900_000,
        MIXED
        + b"".join(
            b"--x\r\nContent-Type: text/html\r\n\r\n"
            + b"<p>x<b>y</b></p>" * 1_200
            + b"\r\n"
            for _number in range(1_000)
        ),
    ],
    ids=["header", "lines", "boundaries", "html", "flowed", "parts of html"],
)
def test_size_alone_stops_nobody(raw):
    def read():
        mail = read_mail(raw)
        split_quotes(mail.text)
        clean_html(mail.html)
        return mail

    assert_effort_below(1.5, read)
    assert read().broken


MAILS = [path.read_bytes() for path in mails()]
FRAGMENTS = [
    b"\r\n\r\n",
    b"\r\n--x\r\n",
    b"\r\n--x--",
    b"Content-Type: multipart/mixed; boundary=x\r\n",
    b"Content-Type: text/html; charset=utf-7\r\n",
    b"Content-Type: text/plain; format=flowed; delsp=yes\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*0*=x'y'%%%\r\n",
    b"Content-Type: message/delivery-status\r\n",
    b"Subject: =?utf-7?Q?+2AA-?= =?iso-2022-jp?B?GyQ?=\r\n",
    b"From: MAILER-DAEMON@x <\xff>\r\n",
    b"Date: \xe5\xb9\xb4 2026/1/1 0:00\r\n",
    b"\x1b$B",
    b"\x1b(I",
    b"<b>&#xd800;&#0;</b>",
]
PIECES = st.sampled_from(FRAGMENTS) | st.binary(max_size=40)
ANY_MAIL = st.binary() | st.lists(PIECES, max_size=25).map(b"".join)
TORN = st.tuples(
    st.sampled_from(MAILS), st.integers(0, 3_000), st.binary(max_size=9)
).map(lambda torn: torn[0][: torn[1]] + torn[2] + torn[0][torn[1] + len(torn[2]) :])


@settings(deadline=None)
@given(ANY_MAIL | TORN)
def test_no_mail_raises_and_all_that_is_read_can_be_kept(raw):
    mail = read_mail(raw, server="mx.example.com")
    parts = dataclasses.asdict(mail)
    parts["attachments"] = [
        [one.name, one.content_type, one.content_id] for one in mail.attachments
    ]
    encoded = json.dumps(parts, default=str, ensure_ascii=False).encode("utf-8")
    assert b"\\u0000" not in encoded
    for line in (mail.subject, mail.message_id, *mail.marks.values()):
        assert "\n" not in line
        assert "\r" not in line
    found = recognise(mail, ["example.com"])
    json.dumps(dataclasses.asdict(found), ensure_ascii=False).encode("utf-8")
    assert "".join(piece.text for piece in split_quotes(mail.text)) == mail.text
    clean_html(mail.html).html.encode("utf-8")
