"""Which rows of digits are card numbers, and which are left as they were typed."""

import time

import pytest

from agentdesk.web.cards import holds_card, mask_cards

MASKED = "•••• •••• •••• "


@pytest.mark.parametrize(
    ("typed", "kept"),
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
        ("9999999999999995", f"{MASKED}9995"),
    ],
)
def test_a_card_number_is_cut_out_however_it_is_set(typed, kept):
    assert mask_cards(typed) == kept


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
        "9999999999999995 1",
        "\n".join(map(str, range(1000))),
    ],
)
def test_what_only_looks_like_one_is_left_alone(text):
    assert mask_cards(text) == text


def test_a_shops_own_number_is_masked_only_where_a_network_issues_such_cards():
    assert mask_cards("9999999999999995", only_issued=True) == "9999999999999995"
    assert not holds_card("9999999999999995")
    assert holds_card("5555 5555 5555 4444")


@pytest.mark.parametrize("text", ["4," * 10_000, "5 " * 10_000, "4444" * 5_000])
def test_a_page_full_of_digits_is_read_in_a_moment(text):
    began = time.process_time()
    mask_cards(text)
    assert time.process_time() - began < 2
