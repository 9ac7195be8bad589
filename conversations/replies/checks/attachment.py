"""A file that the text speaks of and that is not there."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_SPOKEN_OF = re.compile(
    r"添付|別紙|\b(?:attached|attachments?|attaching|i attach|we attach)\b",
    re.IGNORECASE,
)
_THING = r"(?:ファイル|資料|書類|画像|写真|データ|メール|文書|物)?(?:[はがをもの]|には?|につき)?\s*"
# None is there and none is meant to be; or it is the customer's, had or asked for.
_EXCUSED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:添付|別紙){_THING}(?:な[しくい]|無[しくい]|あり?ません|ございません|不要|不可|漏れ|忘れ)",
        r"添付(?:[はがを]|は)?\s*(?:せず|しない|しません|され(?:て(?:おり|い)?ま?せん|ず)"
        r"|(?:は)?でき(?:ません|かね|ず)|(?:いた|致)し(?:かね|ません|ておりません))",
        r"添付(?:を|の(?:上|うえ)|にて|で|し|して)?[、\s]*(?:[おご]?(?:返信|返送|送付|連絡|送り))?"
        r"(?:を|の(?:ほど|程)|して)?\s*(?:いただ|頂|くださ|下さ|お?願|もらえ|賜)",
        rf"添付{_THING}(?:お送り|送って|ご?送付|ご?返信|ご?返送|ご?提出)(?:を|して)?\s*"
        r"(?:いただ|頂|くださ|下さ|お願|願い)",
        rf"添付{_THING}(?:\S{{0,8}})?(?:拝見|拝受|拝読|受領|受け取|開け(?:ません|ない|ず)"
        r"|開くことができ|確認(?:いた|致)?しました|確認できました|届い)",
        r"(?:ご|お送り(?:いただ|くださ)\S{0,6}|(?:いただ|頂)(?:いた|きました)|頂戴した)添付",
        r"添付(?:(?:いた|致)?しましょうか|できますか|は?可能)",
        r"(?:お客様|[様さ]ん?)(?:から|より|が|の)\S{0,4}添付",
        r"\b(?:not|n't|no|without|any|cannot|never)\b.{0,24}\battach",
        r"\byou(?:\s+(?:have|had|can|could|may|kindly|please|also)){0,3}\s+attach",
        r"\b(?:your|please)\s+attach",
    )
)


def missing_attachments(text: str) -> Iterator[tuple[int, int]]:
    """The places of `text` (the writer's own words) that promise a file."""
    for sentence in _SENTENCE.finditer(text):
        words = sentence[0]
        if any(excuse.search(words) for excuse in _EXCUSED):
            continue
        for found in _SPOKEN_OF.finditer(words):
            yield sentence.start() + found.start(), sentence.start() + found.end()
