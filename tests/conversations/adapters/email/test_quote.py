"""Own words, history and signature, as Japanese and other mailers write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.adapters.email.quote import Kind, own_words, split_quotes
from tests.effort import assert_effort_below

HISTORY = "お世話になっております。\nご確認ください。\n"
MARKED = "> お世話になっております。\n> ご確認ください。\n"

# Marks under which the whole rest is history, whether or not it has a > before it.
MARKS = [
    "-----Original Message-----\nFrom: a <a@example.jp>\nSent: Tuesday\nTo: b\nSubject: c\n\n",
    "----- Original Message -----\n",
    "----- 元のメッセージ -----\n差出人: a\n宛先: b\n日時: 2026/11/24\n件名: c\n\n",
    "差出人: a <a@example.jp>\n送信日時: 2026年11月24日 15:00\n宛先: b\n件名: c\n\n",
    "差出人：a\n送信日時：2026年11月24日\n宛先：b\n件名：c\n\n",
    "________________________________\nFrom: a\nSent: x\nTo: b\nSubject: c\n\n",
    "*From:* a <a@example.jp>\n*Sent:* x\n*To:* b;\n c\n*Subject:* d\n\n",
    "2026年11月25日(水) 10:00 山田太郎 <a@example.jp>:\n\n",
    "2026年11月25日(水) 10:00、山田太郎 <a@example.jp>のメール:\n\n",
    "2026/11/25 10:00、山田太郎 <a@example.jp>のメール：\n\n",
    "2026/11/25 10:00に山田さんは書きました:\n",
    "On 2026/11/25 10:00, 山田太郎 wrote:\n",
    "On Wed, Nov 25, 2026 at 10:00 AM Taro Yamada\n<a@example.jp> wrote:\n\n",
    "On Wed, 25 Nov 2026 10:00:00 +0900\n山田太郎 <a@example.jp> wrote:\n\n",
    "(2026/11/25 10:00), 山田太郎 wrote:\n",
    "Wed, 25 Nov 2026 10:00:00 +0900\n山田 <a@example.jp> さんは書きました:\n\n",
    "At Wed, 25 Nov 2026 10:00:00 +0900,\n山田太郎 wrote:\n",
    'In message <1@example.jp> "Re: a"\n  山田 <a@example.jp> wrote:\n\n',
    "-----元のメール-----\nFrom: a\nDate: b\nSubject: c\n\n",
    "----- 山田 <a@example.jp> さんのメッセージ -----\n",
    "-- 「山田」さんのメッセージ (2026/11/25 10:00) --\n",
    "在 2026年11月25日，10:00，Taro <a@example.jp> 写道：\n\n",
    "Am 25.11.2026 um 10:00 schrieb Taro Yamada:\n",
    "Le mer. 25 nov. 2026 à 10:00, Taro <a@example.jp> a écrit :\n",
    "-----Ursprüngliche Nachricht-----\nVon: a\nGesendet: x\nAn: b\nBetreff: c\n\n",
]


def kinds(text):
    return [piece.kind for piece in split_quotes(text) if piece.text.strip()]


@pytest.mark.parametrize("history", [HISTORY, MARKED])
@pytest.mark.parametrize("mark", MARKS)
def test_history_under_any_mark_is_folded(mark, history):
    text = f"承知しました。\n\n{mark}{history}"
    assert own_words(text) == "承知しました。"
    assert kinds(text) == [Kind.OWN, Kind.QUOTE]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mail_that_is_nothing_but_history_is_shown(mark):
    assert kinds(mark + HISTORY) == [Kind.OWN]


def test_answers_between_the_quoted_lines_stay_with_them():
    text = "> いつ届きますか。\n\n明日です。\n\n> 色は。\n\n赤です。\n"
    assert kinds(text) == [Kind.OWN]


def test_an_answer_below_a_long_quote_stays():
    text = "山田 <a@example.jp> wrote:\n" + "> 長い\n" * 20 + "\n下に書きます。\n"
    assert kinds(text) == [Kind.QUOTE, Kind.OWN]
    assert own_words(text) == "下に書きます。"


@pytest.mark.parametrize(
    "mark",
    [
        "发件人：店 <a@example.jp>\n发送时间：2026年11月25日\n收件人：b\n主题：Re: s\n",
        "보낸사람: 店 <a@example.jp>\n받는사람: b\n날짜: 2026년\n제목: Re: s\n",
    ],
)
def test_programs_of_other_languages_are_known(mark):
    assert own_words(f"はい。\n\n{mark}\n在庫がございます。\n") == "はい。"


def test_history_that_begins_in_the_line_of_its_mark_is_folded():
    text = "はい。\n\n  On Wed, 25 Nov 2026 at 10:00, 店<a@example.jp> wrote:   在庫が\nあります。\n"
    assert own_words(text) == "はい。"


@pytest.mark.parametrize(
    "form",
    [
        "お名前: 山田\nFrom: 東京\nTo: 大阪\n件名: 配送\n内容:\n",
        "商品名: A\n日付: 2026/11/25\nFrom: 山田\n件名: 返品\n",
    ],
)
def test_an_answer_in_a_form_is_no_history(form):
    text = f"{form}荷物が届きません\n"
    assert kinds(text) == [Kind.OWN]


def test_what_is_passed_on_is_not_folded():
    text = (
        "ご対応ください。\n\n---------- Forwarded message ---------\n"
        "From: a\nDate: b\nSubject: c\nTo: d\n\n本文です。\n-- \n署名\n"
    )
    assert kinds(text) == [Kind.OWN]


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n山田\n",
        "--\n山田太郎\n例示商事\n",
        "━━━━━━━━━━\n株式会社例示\n山田太郎\nTEL 03-0000-0000\n━━━━━━━━━━\n",
        "==========\n山田 〒100-0000 東京都\n==========\n",
        "**********\n山田\nyamada@example.jp\n**********\n",
        "────────\n例示商事株式会社\n────────\n",
        "=-=-=-=-=-=-=\n山田 携帯 090-0000-0000\n",
        "☆★☆★☆★\n山田 https://example.jp/\n",
        "－－－\n山田花子\n090-0000-0000\n",
        "━━━\n株式会社例示\n山田\n━━━\n",
        "---\n山田\nTEL 03-0000-0000\n",
        "////////////\n山田\nTEL 03-0000-0000\n",
        "*:;;;:*:;;;:*\n山田\na@example.jp\n",
        "┏━━━━━━┓\n山田\nTEL 03-0000-0000\n┗━━━━━━┛\n",
        "iPhoneから送信\n",
        "iPhone から送信されました\n",
        "ドコモのスマートフォンから送信\n",
        "Androidデバイスから送信\n",
        "私のAndroidスマートフォンから送信されました\n",
        "AQUOS Mailから送信\n",
        "Sent from Yahoo Mail for iPhone\n",
        "Outlook for iOS を入手<https://aka.example/x>\n",
        "Yahoo!メールアプリから送信\n",
        "Sent from my iPhone\n",
    ],
)
def test_signatures_are_folded_at_the_end_and_above_the_history(signature):
    text = f"よろしくお願いします。\n\n{signature}"
    assert kinds(text) == [Kind.OWN, Kind.SIGNATURE]
    assert kinds(f"{text}\n{MARKS[0]}{HISTORY}") == [
        Kind.OWN,
        Kind.SIGNATURE,
        Kind.QUOTE,
    ]
    assert kinds(signature) == [Kind.OWN]


@pytest.mark.parametrize(
    "text",
    [
        "ご注文内容\n==========\n商品: りんご\nお届け先 〒100-0000 東京\n==========\n",
        "質問です。\n==========\nなぜですか。\n==========\n",
        "料金は次の通り:\nA 100円\n",
        "宛先: 東京\n件名: 大阪\nの二つです。\n",
        "山田さんが書きましたか?\nわかりません。\n",
        "From: の意味を教えてください。\n",
        "-----\n区切りです\n",
        "困っています\n・・・\n電話は03-0000-0000です\n",
        "写真は別のメールから送信します\n",
    ],
)
def test_what_only_resembles_a_mark_is_not_folded(text):
    assert kinds(text) == [Kind.OWN]


def _read_hostile_texts():
    for line in (
        "On " + "a " * 120 + "wrote:\n",
        "2026/11/25 10:00" + "<" * 200 + ":\n",
        "=" * 249 + "\n",
        "差出人: \n",
        "Le " + "a écrit " * 30 + ":\n",
        ">" * 10_000 + "\n",
    ):
        split_quotes(line * 5_000)


def test_reading_a_hostile_text_ends_soon():
    assert_effort_below(10, _read_hostile_texts)


MARK_LINES = "".join(MARKS).splitlines(keepends=True)
OTHER_LINES = ["> q\n", "own\n", "\n", "-- \n", "━━━━━━\n", "TEL 03-0000-0000\r\n"]
ENDS = ["iPhoneから送信", "\u2028", "\x0b", "\r"]
LINES = st.sampled_from(MARK_LINES + OTHER_LINES + ENDS)


@settings(deadline=None)
@given(st.lists(LINES | st.text(max_size=10), max_size=40).map("".join))
def test_the_pieces_together_are_the_text_and_never_all_folded(text):
    pieces = split_quotes(text)
    assert "".join(piece.text for piece in pieces) == text
    assert bool(own_words(text)) == bool(text.strip())
