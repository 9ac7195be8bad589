"""Which rows of digits are card numbers, and which are left as they were typed."""

import pytest

from agentdesk.card_masking import holds_card, mask_cards, mask_cards_in_html
from tests.effort import assert_effort_below

MASKED = "•••• •••• •••• "


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("4111111111111111", f"{MASKED}1111"),
        ("カード４１１１　１１１１　１１１１　１１１１です", f"カード{MASKED}1111です"),
        ("4111-1111-1111-1111", f"{MASKED}1111"),
        ("4111.1111.1111.1111", f"{MASKED}1111"),
        ("4111 1111\r\n1111 1111", f"{MASKED}1111"),
        ("4111 - 1111 - 1111 - 1111", f"{MASKED}1111"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", f"{MASKED}1111"),
        ("4111\u200b1111\u00a01111\u30fb1111", f"{MASKED}1111"),
        ("4111 1111 1111 1111 12/28 123", f"{MASKED}1111 12/28 123"),
        ("4111-1111-1111-1111-123", f"{MASKED}1111-123"),
        ("03-1234-5678 4111-1111-1111-1111", f"03-1234-5678 {MASKED}1111"),
        ("1. 3782 822463 10005", f"1. {MASKED}0005"),
        ("5555555555554444,3530111333300000", f"{MASKED}4444,{MASKED}0000"),
        ("https://x.jp/?n=4111%201111%201111%201111", f"https://x.jp/?n={MASKED}1111"),
        ("6205500000000000004", f"{MASKED}0004"),
        ("4111-1111-1111-1111-123 / 03-1234-5678", f"{MASKED}1111-123 / 03-1234-5678"),
        ("card-4111111111111111", f"card-{MASKED}1111"),
        ("4111111111111111.jpg", f"{MASKED}1111.jpg"),
        (
            "https://x.jp/pay?card=4111111111111111",
            f"https://x.jp/pay?card={MASKED}1111",
        ),
    ],
)
def test_a_card_number_is_cut_out_however_it_is_set(typed, stored):
    assert mask_cards(typed) == stored


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",
        "0312345678 09012345678",
        "03-1234-5678 / 090-1234-5678",
        "+86 138 0013 8000",
        "010 86 138 0013 8000",
        "注文 20261123-000124",
        "送り状 123456789012",
        "0000000000000000",
        "2026-11-23 12:34:56.789",
        "12345678901234567890123456",
        "9999999999999995",
        "4222222222222",
        "4901863135211",
        "T4111111111111111",
        "250-1058756-4279348",
        "622-1058756-4279344",
        "IMG_20220210_175153748.jpg",
        "IMG_4111111111111111.jpg",
        "order_4111111111111111",
        "123456-4111111111111111",
        "4111-1111-1111-1111-2222-3333",
        "a4111111111111111f",
        "4111111111111111@docomo.example.jp",
        "taro.4111111111111111@docomo.example.jp",
        "https://shop.example.jp/orders/4111111111111111",
        "https://x.jp/photo?fbid=4111111111111111&id=4111111111111111",
        "+378282246310005",
        "IMEISV: 3530111333300000",
        "4980 3980 5980 2980 4980 1980",
        "4123-4567-8901, 2345-6789-0123",
        "\n".join(map(str, range(1000))),
    ],
)
def test_what_only_looks_like_one_is_left_alone(text):
    assert mask_cards(text) == text


def test_what_identifies_something_holds_no_card_in_an_address_either():
    assert not holds_card("9999999999999995")
    assert holds_card("5555 5555 5555 4444")
    assert holds_card("4111111111111111@docomo.example.jp")
    page = "https://shop.example.jp/orders/4111111111111111"
    assert (
        mask_cards(page, in_names=True)
        == f"https://shop.example.jp/orders/{MASKED}1111"
    )


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            "4111<b>1111</b>1111<i>1111</i>",
            "••••<b>••••</b>••••<i>1111</i>",
        ),
        (
            "<td>4111</td><td>1111</td><td>1111</td><td>1111</td>",
            "<td>••••</td><td>••••</td><td>••••</td><td>1111</td>",
        ),
        ("&#52;111 1111 1111 1111", "•••• •••• •••• 1111"),
        ('<b title="4111111111111111">', '<b title="••••••••••••1111">'),
        ("<!-- 4111111111111111 -->", "<!-- ••••••••••••1111 -->"),
        (
            '4111<i style="display: none">9</i>111111111111',
            '••••<i style="display: none">9</i>••••••••1111',
        ),
        ('<a href="https://x.jp/4111111111111111">', None),
        ("<td>250-1058756-4279348</td><td>4901863135211</td>", None),
        ('<img alt="IMG_4111111111111111.jpg" width="4111">', None),
    ],
)
def test_html_is_masked_as_it_is_read_and_stays_whole(html, shown):
    assert mask_cards_in_html(html) == (shown or html)


@pytest.mark.parametrize(
    "text",
    [
        "4," * 50_000,
        "5 " * 50_000,
        "4444" * 50_000,
        "4111 " * 20_000,
        "5555-5555-5555-4444," * 5_000,
        ("4" + " " * 5_000) * 20,
        "<td>4111</td>" * 10_000,
        "&#52;" * 20_000,
        "<a '" * 25_000,
        '<a "' * 25_001,
        "<!--" * 25_000,
        '<i style="display:none">' * 5_000,
    ],
)
def test_a_page_full_of_digits_is_read_in_a_moment(text):
    assert_effort_below(3, lambda: (mask_cards(text), mask_cards_in_html(text)))
