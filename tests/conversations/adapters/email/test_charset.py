"""Bytes under right, wrong and missing labels."""

import pytest

from conversations.adapters.email.charset import decode

JIS = {
    "日本語": b"\x1b$BF|K\\8l\x1b(B",
    "①㈱": b"\x1b$B-!-j\x1b(B",
    "髙﨑": b"\x1b$B|byu\x1b(B",
    "ｱｲｳ": b"\x1b(I123\x1b(B",
    "ｱｲｳ ": b"\x0e123\x0f ",
    "A日B": b"A\x1b$@F|\x1b(JB",
    "丂": b"\x1b$(D0!\x1b(B",
    "日本\nABC": b"\x1b$BF|K\\\nABC",  # the escape back was lost
    "日\ufffd": b"\x1b$BF|K",  # cut off inside a character
    "日本Ａです": b"\x1b$BF|K\\\x1b(B" + "Ａです".encode("cp932"),
}
JIS_LABELS = [
    "iso-2022-jp",
    "ISO-2022-JP",
    '"iso-2022-jp"',
    "iso-2022-jp-ms",
    "cp50220",
    "cp50221",
    "csISO2022JP",
]


@pytest.mark.parametrize("label", [*JIS_LABELS, "", "us-ascii", "utf-8", "x-unknown"])
@pytest.mark.parametrize("text", [text for text in JIS if "ｱｲｳ " not in text])
def test_escapes_say_more_than_any_label(text, label):
    assert decode(JIS[text], label) == text


@pytest.mark.parametrize(
    ("text", "codec", "label"),
    [
        ("ｱｲｳ", "cp932", "iso-2022-jp"),  # half-width kana in 8 bits
        ("日本語のメール", "utf-8", "iso-2022-jp"),
        ("日本語のメール", "utf-8", "us-ascii"),
        ("日本語のメール", "utf-8", "shift_jis"),
        ("日本語のメール", "utf-8", "iso-8859-1"),
        ("日本語のメール", "euc_jp", "iso-2022-jp"),
        ("日本語のメール", "euc_jp", ""),
        ("日本語のメール", "euc_jp", "x-euc-jp"),
        ("日本語のメール", "cp932", ""),
        ("こんにちは", "cp932", "iso-8859-1"),
        ("こんにちは", "cp932", "us-ascii"),
        ("こんにちは", "cp932", "utf-8"),
        ("こんにちは", "cp932", "euc-jp"),
        ("こんにちは", "cp932", "unknown-8bit"),
        ("山本", "euc_jp", ""),
        ("佐藤花子", "euc_jp", "iso-2022-jp"),
        ("領収書の送付", "euc_jp", "shift_jis"),
        ("ご注文の件", "euc_jp", "iso-8859-1"),
        ("商品交換", "cp932", "iso-8859-1"),
        ("商品交換", "euc_jp", "iso-8859-1"),
        ("渡辺", "utf-8", "euc-jp"),
        ("森", "utf-8", "shift_jis"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "cp932", ""),
        ("ｶﾀｶﾅ", "cp932", "shift_jis"),
        ("½ ± 20°C", "utf-8", ""),
        ("naïve résumé “x”", "cp1252", "iso-8859-1"),
        ("don’t stop", "cp1252", "iso-8859-1"),
        ("Grüße aus München", "utf-8", "us-ascii"),
        ("①㈱髙﨑～－", "cp932", "Shift_JIS"),
        ("①㈱髙﨑～－", "cp932", "windows-31j"),
        ("①㈱髙﨑～－", "cp932", "x-sjis"),
        ("①㈱髙﨑～－", "cp932", "MS_Kanji"),
        ("中文邮件", "gbk", "gb2312"),
        ("中文郵件", "big5", "big5"),
        ("한국어", "euc_kr", "ks_c_5601-1987"),
        ("привет", "koi8_r", "koi8-r"),
        ("café“x”", "cp1252", "iso-8859-1"),
        ("日本", "utf-7", "utf-7"),
        ("日本", "utf-16", ""),
        ("日本", "utf-8-sig", "shift_jis"),
        ("", "ascii", "utf-8"),
    ],
)
def test_it_is_read_as_it_was_written(text, codec, label):
    assert decode(text.encode(codec), label) == text


def test_escapes_that_were_lost_on_the_way_are_put_back():
    assert (
        decode(b"$B$3$s$K$A$O(B, $BF|K\\8l(B!", "iso-2022-jp") == "こんにちは, 日本語!"
    )
    assert decode(b"$BILL(B) costs $B12(B", "us-ascii") == "$BILL(B) costs $B12(B"


def test_windows_characters_of_euc_jp_are_read():
    assert decode(b"\xad\xa1\xa4\xc7\xa4\xb9\x8e\xb1", "euc-jp") == "①ですｱ"


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp"])
def test_a_character_cut_off_at_the_end_spoils_no_other(codec):
    raw = "途中で切れたメール".encode(codec)[:-1]
    decoded = decode(raw, codec)
    assert decoded.startswith("途中で切れたメー")
    assert decoded.endswith("\ufffd")


def test_one_broken_byte_spoils_no_other_character():
    raw = "日本語の".encode() + b"\xff" + "メールです".encode()
    assert decode(raw, "utf-8") == "日本語の\ufffdメールです"


@pytest.mark.parametrize(
    "label",
    ["idna", "punycode", "unicode_escape", "rot13", "zlib", "\x00", "日本", "a" * 5000],
)
def test_no_label_reaches_a_codec_that_no_mail_is_written_in(label):
    assert decode(b"\\u3042 xn--a", label) == "\\u3042 xn--a"


def test_lone_surrogates_do_not_come_through():
    assert decode(b"+2AA-", "utf-7").encode("utf-8") == b"\xef\xbf\xbd"
