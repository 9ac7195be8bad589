"""Made-up numbers: cards as people write them, and all that only looks like one."""

import random
from collections.abc import Callable, Iterator
from html import escape

Random = random.Random
DIGITS = "0123456789"


def luhn_digit(digits: str) -> str:
    total = 0
    for place, letter in enumerate(reversed(digits)):
        value = int(letter) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def gtin_digit(digits: str) -> str:
    weighed = (
        int(letter) * (3 if place % 2 == 0 else 1)
        for place, letter in enumerate(reversed(digits))
    )
    return str(-sum(weighed) % 10)


def some(rng: Random, count: int) -> str:
    return "".join(rng.choices(DIGITS, k=count))


def moment(rng: Random) -> str:
    """Fourteen digits, of these years."""
    return (
        f"{rng.randint(2018, 2027)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
        f"{rng.randint(0, 23):02}{rng.randint(0, 59):02}{rng.randint(0, 59):02}"
    )


# The prefix, and how many digits there are in all.
NETWORKS: list[tuple[Callable[[Random], str], tuple[int, ...]]] = [
    (lambda rng: "4", (16, 16, 16, 19)),
    (lambda rng: str(rng.randint(51, 55)), (16,)),
    (lambda rng: str(rng.randint(2221, 2720)), (16,)),
    (lambda rng: rng.choice(["34", "37"]), (15,)),
    (lambda rng: str(rng.randint(3528, 3589)), (16, 16, 16, 19)),
    (lambda rng: rng.choice(["300", "305", "3095", "36", "38", "39"]), (14,)),
    (lambda rng: rng.choice(["6011", "644", "649", "65"]), (16, 16, 19)),
    (lambda rng: rng.choice(["62", "6222", "8100", "8171"]), (16, 17, 18, 19)),
]


def card(rng: Random, *lengths: int) -> str:
    """A number that one of the networks could have issued."""
    while True:
        prefix, known = rng.choice(NETWORKS)
        length = rng.choice(known)
        if lengths and length not in lengths:
            continue
        digits = prefix(rng)
        digits += some(rng, length - 1 - len(digits))
        return digits + luhn_digit(digits)


def grouped(number: str, sign: str = " ") -> str:
    """As it is embossed: in fours, or 4-6-5 and 4-6-4."""
    if len(number) in (14, 15):
        return sign.join((number[:4], number[4:10], number[10:]))
    return sign.join(number[at : at + 4] for at in range(0, len(number), 4))


def by(sign: str) -> Callable[[str], str]:
    return lambda number: grouped(number, sign)


def letters(zero: str) -> Callable[[str], str]:
    table = {ord(digit): chr(ord(zero) + int(digit)) for digit in DIGITS}
    return lambda number: number.translate(table)


def circled(number: str) -> str:
    return number.translate(
        {ord("0"): "⓪"} | {49 + n: chr(0x2460 + n) for n in range(9)}
    )


def keycaps(number: str) -> str:
    return "".join(f"{digit}\ufe0f\u20e3" for digit in number)


def kanji(number: str) -> str:
    return grouped(
        number.translate(str.maketrans(DIGITS, "〇一二三四五六七八九")), "　"
    )


SPELLINGS: dict[str, Callable[[str], str]] = {
    "bare": str,
    "spaces": by(" "),
    "hyphens": by("-"),
    "dots": by("."),
    "five spaces": by("     "),
    "colons": by(":"),
    "colon and space": by(": "),
    "slashes": by("/"),
    "commas": by(","),
    "pipes": by(" | "),
    "underscores": by("_"),
    "no-break spaces": by("\u00a0"),
    "ideographic spaces": by("\u3000"),
    "thin spaces": by("\u2009"),
    "tabs": by("\t"),
    "line ends": by("\r\n"),
    "two line ends": by("\n\n"),
    "hyphen and line end": by("-\n"),
    "spaced hyphens": by(" - "),
    "non-breaking hyphens": by("\u2011"),
    "en dashes": by("–"),
    "em dashes": by("—"),
    "horizontal bars": by("―"),
    "minus signs": by("−"),
    "full-width hyphens": by("－"),
    "long vowels": by("ー"),
    "kanji one": by("一"),
    "middle dots": by("・"),
    "spoken dash": by("の"),
    "stars": by("*"),
    "zero-width spaces": by("\u200b"),
    "left-to-right marks": by("\u200e"),
    "soft hyphens": by("\u00ad"),
    "full-width": letters("０"),
    "full-width groups": lambda number: grouped(letters("０")(number), "　"),
    "mathematical": letters("𝟎"),
    "monospace": letters("𝟶"),
    "Arabic": letters("٠"),
    "circled": circled,
    "keycaps": keycaps,
    "kanji": kanji,
    "one by one": " ".join,
    "one by one, hyphens": "-".join,
    "quoted mail": by("\n> "),
    "brackets": lambda number: f"({grouped(number, ')(')})",
    "eights": lambda number: f"{number[:8]} {number[8:]}",
    "encoded": by("%20"),
}

AROUND = (
    "{}",
    "カード番号は{}です。",
    "カード番号：{}、有効期限 12/28",
    "{} 12/28 123",
    "番号{}\n名義 TARO YAMADA",
    "No.{}",
    "VISA {} exp 0128",
    "TEL 03-1234-5678 カード {} をお願いします",
    "1. {}\n2. 住所",
    "「{}」",
)


def _order_numbers(rng: Random) -> Iterator[str]:
    day = moment(rng)[:8]
    yield f"{rng.choice(['249', '250', '503', some(rng, 3)])}-{some(rng, 7)}-{some(rng, 7)}"
    yield f"D01-{some(rng, 7)}-{some(rng, 7)}"
    yield f"{some(rng, 6)}-{day}-{some(rng, 10)}"  # Rakuten
    yield f"{some(rng, 6)}-{day}-{some(rng, 8)}"
    yield f"kogane-{some(rng, 8)}"  # Yahoo! Shopping
    yield f"#{rng.randint(1001, 99999)}"  # Shopify, and its own id
    yield f"gid://shopify/Order/{rng.choice('56')}{some(rng, 12)}"
    yield f"{day}-{some(rng, 6)}"  # EC-CUBE
    yield f"{day[2:]}{some(rng, 6)}"  # Futureshop
    yield f"{some(rng, 2)}-{some(rng, 5)}-{some(rng, 5)}"  # eBay
    yield f"m{some(rng, 11)}"  # Mercari
    yield f"ZOZO-{some(rng, 9)}"
    yield f"{some(rng, 9)}"  # Qoo10
    yield f"1{some(rng, 10)}"  # Yodobashi
    yield f"W{some(rng, 9)}"  # Apple
    yield f"{some(rng, 4)}-{day}-{some(rng, 4)}"  # a till's receipt
    yield f"ORD-{some(rng, 16)}"
    yield f"{some(rng, 4)}-{some(rng, 4)}-{some(rng, 4)}-{some(rng, 4)}-{some(rng, 4)}"


def _goods(rng: Random) -> Iterator[str]:
    jan = rng.choice(["45", "49"]) + some(rng, 10)
    yield jan + gtin_digit(jan)
    itf = rng.choice("12") + jan
    yield itf + gtin_digit(itf)
    ean = some(rng, 12)
    yield ean + gtin_digit(ean)
    yield some(rng, 8)


def _parcels(rng: Random) -> Iterator[str]:
    yamato = f"{some(rng, 4)}-{some(rng, 4)}-{some(rng, 4)}"
    yield yamato
    yield f"{yamato} {rng.randint(1, 12)}/{rng.randint(1, 28)} 着"
    yield f"{yamato}\n{some(rng, 4)}-{some(rng, 4)}-{some(rng, 4)}"
    yield f"{yamato}, {some(rng, 4)}-{some(rng, 4)}-{some(rng, 4)}"
    yield some(rng, 12)  # Sagawa
    yield some(rng, 11)  # Japan Post
    yield f"{some(rng, 3)}-{some(rng, 4)}-{some(rng, 4)}"
    yield f"EM{some(rng, 9)}JP"


def _machines(rng: Random) -> Iterator[str]:
    imei = rng.choice(["35", "86", "01", "99"]) + some(rng, 12)
    yield imei + luhn_digit(imei)
    yield f"IMEI: {imei}{luhn_digit(imei)}"
    yield f"IMEISV {imei}{some(rng, 2)}"
    icc = "8981" + some(rng, 14)
    yield icc + luhn_digit(icc)
    yield f"T{some(rng, 13)}"
    yield moment(rng)
    yield moment(rng) + some(rng, 3)
    yield str(rng.randint(1_500_000_000_000, 1_900_000_000_000))
    yield str(rng.randint(1_500_000_000_000_000, 1_900_000_000_000_000))
    yield f"{rng.uniform(30, 45):.14f}, {rng.uniform(128, 145):.14f}"
    yield f"{rng.getrandbits(128):032x}"
    whole = f"{rng.getrandbits(128):032x}"
    yield "-".join((whole[:8], whole[8:12], whole[12:16], whole[16:20], whole[20:]))
    yield f"192.168.{rng.randint(0, 255)}.{rng.randint(0, 255)}:{rng.randint(1, 65535)}"
    yield f"<{some(rng, 16)}.{some(rng, 6)}@mail.example.jp>"
    yield f"{some(rng, 16)}@docomo.example.jp"


def _files(rng: Random) -> Iterator[str]:
    at = moment(rng)
    yield f"IMG_{at[:8]}_{at[8:]}{some(rng, 3)}.jpg"
    yield f"PXL_{at[:8]}_{at[8:]}{some(rng, 3)}.jpg"
    yield f"{at[:8]}_{at[8:]}{some(rng, 3)}.mp4"
    yield f"Screenshot_{at[:8]}-{at[8:]}_LINE.png"
    yield f"IMG-{at[:8]}-WA{some(rng, 4)}.jpg"
    yield f"{some(rng, 9)}_{some(rng, 16)}_{some(rng, 19)}_n.jpg"
    yield f"line_{rng.randint(1_500_000_000_000, 1_900_000_000_000)}.jpg"
    yield f"scan{some(rng, 16)}.pdf"
    yield f"https://shop.example.jp/orders/{some(rng, 16)}"
    yield f"https://www.facebook.example/photo/?fbid={some(rng, 16)}&id={some(rng, 15)}"
    yield f"https://track.example.jp/?no={some(rng, 12)}"


def _words(rng: Random) -> Iterator[str]:
    yield f"0{some(rng, 1)}-{some(rng, 4)}-{some(rng, 4)} / 090-{some(rng, 4)}-{some(rng, 4)}"
    yield f"〒{some(rng, 3)}-{some(rng, 4)} 03-{some(rng, 4)}-{some(rng, 4)}"
    yield f"+81 90 {some(rng, 4)} {some(rng, 4)}"
    yield " ".join(f"{rng.randint(1, 99)},{some(rng, 3)}円" for _ in range(6))
    yield "\n".join(str(rng.randint(100, 9_999) * 10) for _ in range(8))
    yield "、".join(f"{size}.{rng.choice('05')}cm" for size in range(22, 29))
    yield f"会員番号 {some(rng, 10)} 注文 {some(rng, 8)}"


KINDS = (_order_numbers, _goods, _parcels, _machines, _files, _words)


def no_cards(rng: Random, rounds: int) -> Iterator[str]:
    for _ in range(rounds):
        for kind in KINDS:
            yield from kind(rng)


def in_html(number: str, rng: Random) -> str:
    """As a mail's HTML shows a number whole, though its source never does."""
    groups = grouped(number).split(" ")
    ways: list[Callable[[], str]] = [
        lambda: "<b>".join(groups),
        lambda: "".join(f"<span class='x'>{one}</span>" for one in groups),
        lambda: "<tr>" + "".join(f"<td>{one}</td>" for one in groups) + "</tr>",
        lambda: "".join(f"<td>{one}</td>\n" for one in number),
        lambda: "<br>".join(groups),
        lambda: "&nbsp;".join(groups),
        lambda: "&#8206;".join(groups),
        lambda: "&shy;".join(number),
        lambda: "".join(f"&#{ord(one)};" for one in number),
        lambda: "".join(f"&#x{ord(one):x};" for one in number),
        lambda: (
            escape(f'<a title="{number}">')
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", '"')
            + "x</a>"
        ),
        lambda: "<span style='display:none'>7</span>".join(groups),
        lambda: f"<!-- {number} -->",
        lambda: "<wbr>".join(number),
        lambda: f"<p>{grouped(circled(number))}</p>",
    ]
    return f"<p>カード {rng.choice(ways)()} です</p>"
