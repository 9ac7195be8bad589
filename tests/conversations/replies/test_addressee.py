"""Who is greeted at the head of a reply: the customer, or somebody else by mistake."""

import pytest

from conversations.replies.checks.addressee import (
    Addressees,
    PersonName,
    wrong_greetings,
)

HARADA = PersonName("原田", "太郎", "ハラダ", "タロウ", "たろちゃん")
CUSTOMER = Addressees(people=(HARADA,), shown="原田 太郎 様")
THANKS = "お問い合わせありがとうございます。ご注文の品は明日お届けします。"

WRONG = [
    "田中様\n\nお世話になっております。",
    "田中様、お世話になっております。",
    "田中様　いつもありがとうございます。",
    "田中様いつもお世話になっております。",
    "田中さん、こんにちは！",
    "こんにちは、田中さん。ご連絡ありがとうございます。",
    "お世話になっております、田中様。",
    "田中 一郎 様\n\nこの度は失礼いたしました。",
    "田中一郎様\n\nこの度は失礼いたしました。",
    "一郎 田中 様",
    "田中 太郎様\n\nご返信ありがとうございます。",
    "田中太郎様\nご返信ありがとうございます。",
    "原田 花子 様\n\nご返信ありがとうございます。",
    "株式会社山田商事 御中\n\n平素よりお世話になっております。",
    "株式会社山田商事\n営業部\n佐々木様\n\n平素よりお世話になっております。",
    "山田商事株式会社 佐々木 様\nお世話になっております。",
    "佐々木殿\n承知いたしました。",
    "木村くん、写真ありがとう！",
    "木村先生\n\nお世話になっております。",
    "たなか様、お待たせしました。",
    "タナカ サマ\nお待たせしました。".replace("サマ", "様"),
    "ﾀﾅｶ様\nお待たせしました。",
    "高橋部長様\nお世話になっております。",
    "髙橋様\nお世話になっております。",
    "佐藤ゆみ様、こんにちは。",
    "Dear Mr. Tanaka,\n\nThank you for your message.",
    "Dear Ms Suzuki:\nThank you.",
    "Hi Tanaka-san,\nThank you for waiting.",
    "Hello Kenji,\nYour parcel is on its way.",
    "Good morning Mr Sato, your order has shipped.",
    "Tanaka-sama,\nThank you for waiting.",
    "Dear Ichiro Tanaka,\nThank you for waiting.",
    "Dear 田中様,\nThank you.",
    "Tanaka様\nお待たせしました。",
    "田中さま\nお待たせいたしました。\n> 原田様\n> ありがとう",
    "\n\n　田中　様\n\nお世話になります。",
    # Written after the rules: six of them were missed at first.
    "中村様、お世話になっております。こがね洋品店です。",
    "中村\u3000健太\u3000様",
    "【中村様】",
    "中村様こんにちは",
    "いつもご利用いただきありがとうございます。中村様",
    "伊藤さま〜",
    "ご連絡ありがとうございます、小林様！",
    "鈴木様:",
    "合同会社ひかり 御中",
    "代表 鈴木様",
    "医療法人さくら会 事務局 山口様",
    "Dear Tanaka-san",
    "Hi Tanaka san,",
    "Hello Mr. Yamada!",
    "Dear Mrs. Kobayashi - thank you",
    "Hey Emily,",
    "Dear Emily Jones,",
    "Good afternoon, Ms. Ito.",
    "Dear Professor Kato,",
    "To Mr. Tanaka",
    "はじめまして、斎藤様",
    "おはようございます、斎藤さん",
    "お待たせしました！斎藤様",
    "長谷川様/お世話になります",
    "五十嵐様",
    "小原田様",
    "MIYAMOTO様",
    "ヤマモト様",
    "やまもとさん、",
    "山本みさき様",
    "佐々木太郎様",
    "中村様へ",
    "原様",
]

RIGHT = [
    "原田様\n\nお世話になっております。",
    "原田様、お世話になっております。",
    "原田さん、こんにちは！",
    "原田 太郎 様\n" + THANKS,
    "原田太郎様\n" + THANKS,
    "太郎 原田 様\n" + THANKS,
    "太郎さん、ありがとうございます。",
    "たろちゃん、ありがとうございます！",
    "はらだ様、お待たせしました。",
    "ハラダ タロウ 様\n" + THANKS,
    "ﾊﾗﾀﾞ様\n" + THANKS,
    "株式会社原田商店 原田様\n" + THANKS,
    "山田商事株式会社 営業部 原田様\n" + THANKS,
    "原田部長様\n" + THANKS,
    "Dear Mr. Harada,\nThank you for waiting.",
    "Hi Harada-san,\nThank you.",
    "Dear Taro Harada,\nThank you.",
    "Dear Tarou Harada,\nThank you.",
    "Hello Taro,\nThank you.",
    "HARADA TARO 様\n" + THANKS,
    THANKS,
    "お客様\n\n" + THANKS,
    "お客様、お待たせいたしました。",
    "ご担当者様\n\nお世話になっております。",
    "お世話様です。明日お届けします。",
    "お疲れ様でございます。",
    "皆様\nお世話になっております。",
    "株式会社原田商店 ご担当者様\n" + THANKS,
    "Dear customer,\nThank you.",
    "Dear Sir or Madam,\nThank you.",
    "Hello, thank you for your message.",
    "Hi there,\nThank you.",
    "Hello and welcome to our shop!",
    "田中様のお荷物は、明日お届けの予定です。",
    "お荷物は山本様宛にお送りいたしました。",
    "担当の田中より、改めてご連絡いたします。",
    "お届け先の田中様には、当店からお電話いたします。",
    "ご注文の品は、鈴木様方へお送りします。",
    "承知いたしました。奥様にもよろしくお伝えください。",
    "たくさんのご注文をありがとうございます。",
    "同様の商品がございます。仕様は次のとおりです。",
    "こがね洋品店の鈴木でございます。\n" + THANKS,
    "原田様\n\nお世話になっております。\n\nこがね洋品店 田中\n田中様方",
    THANKS + "\n\n――\nこがね洋品店\n鈴木 花子",
    "> 田中様\n> お世話になっております。\n\n承知いたしました。",
    "王様のブランチでご紹介いただいた品です。",
    # Written after the rules: six of them were asked about at first.
    "原田様、お世話になっております。",
    "原田 太郎 様",
    "【原田様】",
    "原田様へ",
    "原田様こんにちは",
    "太郎さん、こんにちは",
    "太郎様",
    "タロウ様",
    "たろうちゃん",
    "Dear Ms. Harada,",
    "Dear Taro,",
    "Dear Taro Harada,",
    "Hi Harada san,",
    "Dear Harada Taro-sama,",
    "To whom it may concern,",
    "Dear Kogane customer,",
    "Hello from Kogane!",
    "Hi, thanks for your order.",
    "Good news! Your order shipped.",
    "お客様各位",
    "関係者各位",
    "ご注文者様",
    "お子様用のサイズもございます。",
    "サイズは様々ございます。",
    "お客様の声をありがとうございます。",
    "ご両親様へのギフトですね。",
    "お母様へのプレゼント、素敵ですね。",
    "配達員さんに確認いたします。",
    "店員さんにお申し付けください。",
    "ヤマト運輸様に確認いたしました。",
    "ヤマト運輸さん\u3000に確認いたします。",
    "メーカー様 に問い合わせております。",
    "佐川さんから連絡がありました。",
    "当店スタッフの鈴木が承ります。",
    "その他ご不明な点がございましたら",
    "以下の通りです。",
    "お名前:田中様 でのご注文は見当たりません。",
    "配送先 田中様 ですね。承知いたしました。",
    "宛名は「田中様」でよろしいでしょうか。",
    "領収書の宛名は、田中様でお作りします。",
    "領収書の宛名は、株式会社田中 御中 でお作りします。",
    "娘さん、よかったですね。",
    "はい、さくらさんのレビューですね。",
    "おかあさんと選んでくださいね。",
]


def warned(text: str, addressees: Addressees = CUSTOMER) -> list[str]:
    return [text[start:end] for start, end in wrong_greetings(text, addressees)]


@pytest.mark.parametrize("text", WRONG)
def test_somebody_else_is_noticed(text):
    assert len(warned(text)) == 1


@pytest.mark.parametrize("text", RIGHT)
def test_who_is_right_is_not_asked_about(text):
    assert warned(text) == []


def test_the_place_is_the_name_with_its_honorific():
    assert warned("こんにちは、田中 さん。") == ["田中 さん"]
    assert warned("Dear Mr. Tanaka,") == ["Tanaka"]


@pytest.mark.parametrize(
    ("name", "text", "is_warned"),
    [
        # Letters in which the name is not known tell nothing.
        (PersonName("原田", "太郎"), "たなか様\nお世話になります。", False),
        (PersonName("原田", "太郎"), "Dear Mr Tanaka,", False),
        (PersonName("", "", "ハラダ", "タロウ"), "田中様", False),
        (PersonName("Smith", "John"), "Dear Mr Smith,", False),
        (PersonName("Smith", "John"), "Dear Mr Jones,", True),
        (PersonName("Smith", "John"), "田中様", False),
        # A part alone is known.
        (PersonName("原田"), "原田太郎様", False),
        (PersonName("原田"), "田中太郎様", True),
        (PersonName("原"), "原田様", True),
        (PersonName("髙橋", "", "タカハシ"), "高橋様", False),
        (PersonName("渡邊", "", "ワタナベ"), "渡辺様", False),
        (PersonName("大野", "", "オオノ", "ユウコ"), "Dear Ms Ono,", False),
        (PersonName("大野", "優子", "オオノ", "ユウコ"), "Dear Yuko Ohno,", False),
        (PersonName("新庄", "", "シンジョウ"), "Hi Sinzyo-san,", False),
        (PersonName("難波", "", "ナンバ"), "Hi Namba-san,", False),
        (PersonName("小原田", "次郎"), "原田様", True),
        (PersonName("君島", "次郎"), "君島様", False),
        (PersonName("君島", "次郎"), "君島君", False),
    ],
)
def test_names_are_compared_as_they_are_known(name, text, is_warned):
    assert bool(warned(text, Addressees(people=(name,)))) is is_warned


def test_of_whom_no_name_is_known_anybody_may_be_greeted():
    assert warned("田中様", Addressees()) == []


def test_whom_the_thread_names_may_be_greeted():
    thread = "注文は妻の田中洋子の名前です。\n山田商事 原田"
    spoken = Addressees(people=(HARADA,), thread=thread)
    assert warned("田中様\nお世話になります。", spoken) == []
    assert warned("山田商事 御中\nお世話になります。", spoken) == []
    assert warned("佐藤様\nお世話になります。", spoken) == ["佐藤様"]
