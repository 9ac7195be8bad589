"""Words that stand where a name does, with an honorific or after a greeting, and are none."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOBODY = _words(
    """
    お客 客 皆 みな みんな 皆々 各位 各 ご担当者 担当者 ご担当 担当 御担当者
    責任者 店長 会員 関係者 保護者 代表者 代表 受取人 お受取人 送付先 お届け先
    届け先 ご依頼主 依頼主 ご本人 本人 ご家族 家族 奥 お母 お父 おばあ おじい
    お子 お嬢 お孫 ご主人 旦那 娘 息子 母 父 祖母 祖父 姉 兄 妹 弟 子
    お姉 お兄 神 王 姫 仏 貴 御 宮 本 諸 主 取引先 お取引先 業者 配送業者
    運送会社 参加者 ご利用者 利用者 購入者 ご購入者 注文者 契約者 ご契約者
    名義人 患者 学生 社長 部長 課長 先方 相手 お相手 第三者 仕 同 模 多 一
    異 有 何 左 お疲れ おつかれ ご苦労 ごくろう お世話 お互い お待ち遠
    おまちどお ごちそう ご馳走 お得意 得意 常連 たく 貴社 メーカー 配達員
    ドライバー 店員 係員 職員 配送会社 両親 ご両親 弊社 当社
    """
)
# Before a name that is spoken of, not to.
OF_OTHERS = _words(
    """
    配送先 お届け先 届け先 送付先 受取人 お受取人 依頼主 ご依頼主 名義 宛名
    宛先
    """
)
NOBODY_ENGLISH = _words(
    """
    all everyone everybody team customer customers sir madam sirs there friend
    friends guest member members colleague colleagues user valued again and or good
    thank thanks for to the you your we i it folks support shopper client buyer
    reader subscriber concerned from this is whom
    """
)
