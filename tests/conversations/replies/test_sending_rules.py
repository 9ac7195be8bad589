"""What is warned of before a text leaves, and what is not: no nagging."""

import pytest

from conversations.replies.checks.names import Company
from conversations.replies.checks.rules import House, warnings_for
from conversations.replies.checks.warning import Scope, WarningKind
from conversations.replies.checks.words import word_lines

OWN = Company("こがね洋品店", frozenset({"kogane.example.jp"}), frozenset())


def warned(text, *, scope=Scope.REPLY, has_files=False, others=(), lines=()):
    house = House(own=OWN, others=others, lines=lines)
    found = warnings_for(text, scope=scope, has_files=has_files, house=house)
    return [(one.kind.value, text[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "資料を添付いたします。",
        "添付の資料をご確認ください。",
        "添付ファイルをご確認いただけますか。",
        "詳しくは別紙をご覧ください。",
        "領収書をPDFで添付しましたのでご査収ください。",
        "Please find the invoice attached.",
        "I have attached the form; could you fill it in?",
        "I sent you the attached form.",
        "請求書を添付してお送りします。",
    ],
)
def test_a_promised_file_that_is_not_there_is_told(text):
    assert [kind for kind, _words in warned(text)] == ["attachment"]
    assert warned(text, has_files=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "お写真を添付いただけますか。",
        "お手数ですが、画像を添付してお送りください。",
        "写真を添付のうえご返信ください。",
        "添付ファイルをお送りいただけますでしょうか。",
        "添付なしでご返信いただいて構いません。",
        "セキュリティ上、添付はいたしかねます。",
        "ファイルの添付はできませんので、郵送いたします。",
        "添付いただいたお写真を拝見しました。",
        "お客様がご添付くださった画像を確認しました。",
        "添付ファイルが開けませんでした。",
        "添付しましょうか。",
        "Could you attach a photo of it?",
        "There was no attachment in your mail.",
        "承知いたしました。\n> 領収書を添付します。\n> よろしく",
        "承知いたしました。\n\n-----Original Message-----\n資料を添付します。",
        "ご注文の品を送付いたしました。",
    ],
)
def test_no_file_is_missed_where_none_was_promised(text):
    assert warned(text) == []


HINATA = Company(
    "株式会社ひなた台所道具",
    frozenset({"shop.hinata.example.com"}),
    frozenset({"03-5550-0211"}),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ひなた台所道具でございます。", "ひなた台所道具"),
        ("ひなた台所 道具", None),
        (
            "https://shop.hinata.example.com/items をご覧ください",
            "shop.hinata.example.com",
        ),
        ("電話は０３－５５５０－０２１１です", "０３－５５５０－０２１１"),
        ("電話は0355500211です", "0355500211"),
        ("電話は10355500211です", None),
        ("> ひなた台所道具で買いました", None),
    ],
)
def test_another_company_is_told_by_name_domain_and_number(text, words):
    expected = [("account", words)] if words else []
    assert warned(text, others=[HINATA]) == expected


@pytest.mark.parametrize(
    ("name", "text", "is_warned"),
    [
        ("花", "お花をお届けします。花柄もございます。", False),
        ("花王", "花王様からのご依頼です。", True),
        ("花王", "桃花王妃のドレスです。", False),
        ("みどり", "みどり色がございます。", True),
        ("みどり", "つみどりの体験", False),
        ("ソラ", "ソラマメは入っていません。", False),
        ("ソラ", "ソラのカートに入れました。", True),
        ("Sora", "SORA の店舗", True),
        ("Sora", "sorasoを送ります", False),
        ("ﾋﾅﾀ商会", "ヒナタ商会の窓口です", True),
        ("こがね", "こがね洋品店でございます。", False),
        ("こがね商店", "こがね商店でございます。", True),
    ],
)
def test_a_name_is_told_where_it_is_meant(name, text, is_warned):
    assert bool(warned(text, others=[Company(name)])) is is_warned


def test_what_both_companies_have_gives_neither_away():
    both = Company("別の会社", OWN.domains)
    assert warned("https://kogane.example.jp/ をご覧ください", others=[both]) == []


def test_a_listed_word_is_told_with_the_better_one():
    lines = word_lines(
        " 了解しました  → 承知いたしました\n\nsale\n了解しました → x\n→ y\n"
    )
    assert lines == [
        "了解しました → 承知いたしました",
        "sale",
        "了解しました → x",
    ]
    text = "了解しました。SALE中です。salesmanは呼びません。"
    house = House(own=OWN, lines=lines[:2])
    found = warnings_for(text, scope=Scope.REPLY, has_files=False, house=house)
    assert [(one.words, one.about) for one in found] == [
        ("了解しました", "承知いたしました"),
        ("SALE", ""),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ご注文【要入力：注文番号】の件", "【要入力：注文番号】"),
        ("Order [fill in: order number]", "[fill in: order number]"),
        ("{{お客様名}}", "{{お客様名}}"),
        ("○○様、お世話になります", "○○様"),
        ("○月○日にお届けします", "○月○日"),
        ("二〇〇〇円です", None),
        ("【ご注文番号】KG-1", None),
        ("評価は○です。△や×もございます", None),
    ],
)
def test_a_gap_is_told(text, words):
    assert warned(text) == ([("blank", words)] if words else [])


CARD = "4242 4242 4242 4242"


def excerpt(warning) -> str:
    return warning.before + warning.words + warning.after


@pytest.mark.parametrize("scope", list(Scope))
def test_a_card_number_is_told_and_not_repeated(scope):
    text = f"番号は{CARD}です"
    found = warnings_for(text, scope=scope, has_files=False, house=House(OWN))
    assert [one.kind for one in found] == [WarningKind.CARD]
    assert "4242 4242" not in excerpt(found[0])
    assert text[found[0].start : found[0].end] == CARD


def test_a_note_is_told_of_nothing_but_cards():
    text = "ひなた台所道具の件、資料を添付。了解しました【要入力：x】"
    assert warned(text, scope=Scope.NOTE, others=[HINATA], lines=["了解しました"]) == []


def test_an_excerpt_is_one_line_around_the_place():
    text = "一行目です\nこれはとても長い文章でありまして、資料を添付いたしますので、どうかよろしくお願いいたします\n三行目"
    (found,) = warnings_for(text, scope=Scope.REPLY, has_files=False, house=House(OWN))
    assert found.words == "添付"
    assert found.before.startswith("…")
    assert found.after.endswith("…")
    assert "\n" not in excerpt(found)


def test_many_of_one_kind_are_told_five_times():
    assert len(warned("【要入力：a】" * 30)) == 5
