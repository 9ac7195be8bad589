"""Fields, encoded words, dates, ids, parameters and addresses."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from conversations.adapters.email.address import Address, addresses_of
from conversations.adapters.email.header import (
    MAX_IDS,
    MAX_TEXT,
    date_of,
    ids_of,
    read_fields,
    text_of,
)
from conversations.adapters.email.parameter import file_name, read_parameters
from tests.effort import assert_effort_below

JAPAN = timezone(timedelta(hours=9))
WORD = base64.b64encode("日本".encode()).decode()


def b64(raw: bytes) -> bytes:
    return base64.b64encode(raw)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"plain", "plain"),
        ("生の件名".encode("cp932"), "生の件名"),
        ("生の件名".encode(), "生の件名"),
        (b"\x1b$B;3ED\x1b(B san", "山田 san"),
        (b"=?UTF-8?B?%s?=" % b64("日本".encode()), "日本"),
        (b"Re:=?utf-8?b?%s?=[1]" % b64("日本".encode()), "Re:日本[1]"),
        (b'"=?utf-8?B?%s?="' % b64("日本".encode()), '"日本"'),
        (b"=?utf-8?q?=E3=81=82_b?= =?utf-8?Q?=E3=81=82?=", "あ bあ"),
        (b"=?utf-8?b?44E=?=  =?utf-8?b?gg==?= x", "あ x"),  # split in a character
        (b"=?utf-8?B?44GC44?=", "あ\ufffd"),  # cut off
        (b"=?utf-8?B?44GC4?=", "あ"),  # bad padding
        (b"=?utf-8*ja?q?=E3=81=82?=", "あ"),
        (b"=?windows-31j?B?%s?=" % b64("①㈱髙".encode("cp932")), "①㈱髙"),
        (b"=?iso-2022-jp?B?%s?=" % b64(b"\x1b$B-!\x1b(B"), "①"),
        (b"=?iso-2022-jp?B?%s?=" % b64("日本".encode()), "日本"),
        (b"=?x-unknown?B?%s?=" % b64("日本".encode()), "日本"),
        (b"=?utf-8?Z?abc?= =?broken", "=?utf-8?Z?abc?= =?broken"),
        (
            b"=?utf-8?B?%s?=" % b64(b"a\r\nBcc: x@example.com\x00\x1b"),
            "a Bcc: x@example.com",
        ),
        (b"", ""),
    ],
)
def test_words_are_read(value, text):
    assert text_of(value) == text


def test_folded_and_strange_lines_do_not_hide_the_fields_after_them():
    fields = read_fields(
        b"Subject: a\r\n b\r\n\tc\r\nno field at all\r\nX-1 : y\r\nTO: z\n"
    )
    assert fields.first("subject") == b"a b\tc"
    assert fields.first("x-1") == b"y"
    assert fields.first("to") == b"z"
    assert fields.first("cc") == b""


def _read_ten_megabytes():
    for block in (
        b"Subject: " + b"=?utf-8?q?" * 1_000_000,
        b"Subject: x\r\n" + b" aaaa\r\n" * 1_000_000,
        b"X: y\r\n" * 1_500_000,
    ):
        assert len(text_of(read_fields(block).first("subject"))) <= MAX_TEXT
    for value in (
        b'"' + b'\\"' * 20_000,
        b"(" * 40_000,
        b"<" * 40_000,
        b"a:" * 20_000,
        b"@," * 16_000,
    ):
        addresses_of(value)
        read_parameters(b"a/b;" + value)


def test_ten_megabytes_of_header_cost_next_to_nothing():
    assert_effort_below(5, _read_ten_megabytes)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (b"Wed, 25 Nov 2026 10:00:00 +0900 (JST)", (10, JAPAN)),
        (b"Wed, 25 Nov 2026 10:00:00 JST", (10, JAPAN)),
        (b"25 Nov 2026 10:00:00 -0000", (10, UTC)),
        (b"2026/11/25 10:00:00", (10, JAPAN)),
        ("2026年11月25日(水) 10:00".encode(), (10, JAPAN)),
        ("2026年11月25日 10時00分".encode(), (10, JAPAN)),
        ("水, 25 11月 2026 10:00:00 +0900".encode(), (10, JAPAN)),
        (b"Wed, 25 Nov 2026 10:00:00 +09:00", (10, JAPAN)),
        (b"Wed, 25 Nov 2026 10:00:00 GMT+09:00", (10, JAPAN)),
        (b"Wed, 25 Nov 2026 10:00:00 UTC+9", (10, JAPAN)),
        ("令和8年11月25日 10:00".encode(), (10, JAPAN)),
        (b"2026-11-25T10:00:00.123Z", (10, UTC)),
        (b"2026/11/25 10:00:00 +0000", (10, UTC)),
    ],
)
def test_dates_are_read_with_their_zone(value, at):
    hour, zone = at
    assert date_of(value) == datetime(2026, 11, 25, hour, tzinfo=zone)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"soon",
        b"Wed, 99 Nov 2026 10:00:00 +0900",
        b"Wed, 25 Nov 1026 10:00:00 +0900",
        b"Wed, 25 Nov 9999 10:00:00 +0900",
        b"Wed, 25 Nov 2026 10:00:00 +999999999999",
        b"2026/13/45 10:00",
        b"\xff\xfe\x00",
    ],
)
def test_a_broken_date_is_none(value):
    assert date_of(value) is None


def test_ids_are_read_once_each_and_bounded():
    assert ids_of(b"<a@b>\t<c@d> (x) <a@b>") == ["a@b", "c@d"]
    assert ids_of(b"bare@example.jp") == ["bare@example.jp"]
    assert ids_of(b"nothing here") == []
    many = ids_of(b" ".join(b"<%d@x>" % number for number in range(5_000)))
    assert len(many) == MAX_IDS
    assert (many[0], many[-1]) == ("0@x", "4999@x")


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("a..b.@docomo.ne.jp", [("", "a..b.@docomo.ne.jp")]),
        ('"a..b."@docomo.ne.jp', [("", "a..b.@docomo.ne.jp")]),
        ("<.a@EZWEB.ne.jp>", [("", ".a@ezweb.ne.jp")]),
        ("山田　太郎＜t@a.jp＞", [("", "t@a.jp")]),
        (
            f"=?utf-8?B?{base64.b64encode('山田 <t@a.jp>'.encode()).decode()}?=",
            [("山田", "t@a.jp")],
        ),
        ("山田, 太郎 <t@a.jp>, b@a.jp", [("山田, 太郎", "t@a.jp"), ("", "b@a.jp")]),
        ("カスタマー@東京 <a@a.jp>", [("カスタマー@東京", "a@a.jp")]),
        ("カスタマー@東京, 課 <a@a.jp>", [("カスタマー@東京, 課", "a@a.jp")]),
        ('"A, \\"B\\"" <a@a.jp>', [('A, "B', "a@a.jp")]),
        ("a@a.jp (山田)", [("山田", "a@a.jp")]),
        ("a@a.jp <a@a.jp>", [("", "a@a.jp")]),
        ("undisclosed-recipients:;", []),
        (
            "営業: a@a.jp, 課 <b@a.jp>; c@a.jp",
            [("", "a@a.jp"), ("課", "b@a.jp"), ("", "c@a.jp")],
        ),
        ("a@a.jp; b@a.jp", [("", "a@a.jp"), ("", "b@a.jp")]),
        ('"open <a@a.jp>', [("open", "a@a.jp")]),
        (f"=?utf-8?B?{WORD}?= <a@a.jp>", [("日本", "a@a.jp")]),
        ("=?utf-8?Q?Yamada,_Taro?= <a@a.jp>", [("Yamada, Taro", "a@a.jp")]),
        ("nobody", []),
        ("", []),
    ],
)
def test_address_lists_survive_their_writers(value, people):
    assert addresses_of(value.encode()) == [Address(*person) for person in people]


def test_a_name_in_raw_shift_jis_keeps_its_comma():
    value = '"総務部,管理課" <soumu@example.co.jp>'.encode("cp932")
    assert addresses_of(value) == [Address("総務部,管理課", "soumu@example.co.jp")]


def test_a_list_of_addresses_ends_somewhere():
    assert len(addresses_of(b"a@b.jp," * 100_000)) == 200


@pytest.mark.parametrize(
    ("value", "parameters"),
    [
        (
            b'text/plain; charset="UTF-8"; format=flowed',
            {"charset": "UTF-8", "format": "flowed"},
        ),
        (
            b"text/plain; charset=utf-8 ; name=a b.txt",
            {"charset": "utf-8", "name": "a b.txt"},
        ),
        (b'a; filename*0="ab"; filename*2=ef; filename*1=cd', {"filename": "abcdef"}),
        (b"a; filename*=utf-8'ja'%E3%81%82%27", {"filename": "あ'"}),
        (b"a; filename*=%E3%81%82", {"filename": "あ"}),
        (b"a; filename*0*=koi8-r''%C4%C1; filename*1=.txt", {"filename": "да.txt"}),
        (b'a; filename="a\\"b;c"', {"filename": 'a"b;c'}),
        (b'a; filename="open', {"filename": "open"}),
        (b"a;;;=;b", {}),
    ],
)
def test_parameters_are_read(value, parameters):
    assert read_parameters(value)[1] == parameters


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\請求書.pdf", "請求書.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        (" .hidden. ", "hidden"),
        ("a\r\nb.txt", "a b.txt"),
        ("長" * 300 + ".pdf", "長" * 196 + ".pdf"),
    ],
)
def test_file_names_mislead_nobody(name, expected):
    assert file_name(name) == expected
