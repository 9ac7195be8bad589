"""Whatever a label says and whatever the bytes are, a text comes of it."""

from encodings.aliases import aliases

import pytest

from conversations.adapters.email.charset import decode

SAMPLES = [
    b"hello there",
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xff\xfe\0",
    b"\xfe\xff\xd8\0",
    b"\x00\x00\xfe\xff\x00",
    b"\x1b$B",
    b"+/v8-+AAA",
    b"~{",
    bytes(range(256)),
    "返品希望".encode("utf-16-le"),
    "返品希望".encode("cp932")[:-1],
]


@pytest.mark.parametrize("label", sorted({*aliases, *aliases.values(), "", "x", "\0"}))
def test_no_label_raises(label):
    for raw in SAMPLES:
        decode(raw, label).encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        (b"hello there", "utf-16", "hello there"),
        (b"hello there", "utf-32", "hello there"),
        ("返品".encode("utf-16-be"), "utf-16", "返品"),
        ("返品です".encode("utf-16-le"), "utf-16", "返品です"),
        ("返品".encode("utf-16"), "utf-16", "返品"),
        ("Bestellung für Möbel".encode("latin-1"), "", "Bestellung für Möbel"),
        ("Café à Paris".encode("latin-1"), "", "Café à Paris"),
        ("Straße".encode("latin-1"), "", "Straße"),
        ("アイウエオ".encode("cp932"), "", "アイウエオ"),
        ("ソース表示".encode("cp932"), "", "ソース表示"),
        ("ﾃｽﾄです".encode("cp932"), "", "ﾃｽﾄです"),
        ("注文書".encode("euc-jp"), "", "注文書"),
        ("采购订单".encode("gbk"), "gb2312", "采购订单"),
    ],
)
def test_what_a_wrong_or_missing_label_stands_for(raw, label, text):
    assert decode(raw, label) == text
