"""Card numbers in what people write: found, and cut out before anything is stored.

Here: which numbers are cards, and masking of text and HTML. Not here: mails, JSON.
"""

from agentdesk.card_masking.html import mask_cards_in_html
from agentdesk.card_masking.masking import card_places, holds_card, mask_cards
from agentdesk.card_masking.runs import CARD_LIKE

__all__ = [
    "CARD_LIKE",
    "card_places",
    "holds_card",
    "mask_cards",
    "mask_cards_in_html",
]
