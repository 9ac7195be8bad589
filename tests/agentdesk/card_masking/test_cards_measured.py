"""How many card numbers are missed, and how much else is taken for one."""

import random
import unicodedata

import pytest

from agentdesk.card_masking import mask_cards, mask_cards_in_html
from conversations.adapters.email.html import text_of_html
from tests.agentdesk.card_masking import card_corpora

SEED = 20261130
EACH = 40  # numbers in each spelling
ROUNDS = 300  # of some sixty numbers that are no cards


def bare(text: str) -> str:
    """All digits of a text, in whatever script."""
    return "".join(
        str(unicodedata.digit(letter))
        for letter in text.translate(
            str.maketrans("〇一二三四五六七八九", card_corpora.DIGITS)
        )
        if unicodedata.digit(letter, None) is not None
    )


@pytest.mark.parametrize("spelling", card_corpora.SPELLINGS)
def test_no_card_number_is_missed(spelling):
    rng = random.Random(f"{SEED}{spelling}")
    spell = card_corpora.SPELLINGS[spelling]
    missed = []
    for around in card_corpora.AROUND * (EACH // len(card_corpora.AROUND)):
        number = card_corpora.card(rng)
        text = around.format(spell(number))
        masked = mask_cards(text)
        if number in bare(masked) or f"•••• {number[-4:]}" not in masked:
            missed.append(text)
    assert missed == []


def test_no_card_number_is_missed_in_html():
    rng = random.Random(SEED)
    missed = []
    for _ in range(1_000):
        number = card_corpora.card(rng)
        html = card_corpora.in_html(number, rng)
        masked = mask_cards_in_html(html)
        shown = bare(text_of_html(masked))
        if number in bare(masked) or number in shown or masked == html:
            missed.append(html)
    assert missed == []


def test_at_most_one_in_a_thousand_other_numbers_is_taken_for_a_card():
    rng = random.Random(SEED)
    texts = list(card_corpora.no_cards(rng, ROUNDS))
    masked = [text for text in texts if mask_cards(text) != text]
    assert len(masked) <= len(texts) / 1_000, masked[:20]


def test_nor_in_a_mail_that_is_a_table_of_such_numbers():
    rng = random.Random(SEED)
    count = len(list(card_corpora.no_cards(rng, 1)))
    pages = [
        "<table>"
        + "".join(f"<tr><td>{kind}</td></tr>" for kind in card_corpora.no_cards(rng, 1))
        + "</table>"
        for _ in range(40)
    ]
    masked = [page for page in pages if mask_cards_in_html(page) != page]
    assert len(masked) <= count * len(pages) / 1_000
