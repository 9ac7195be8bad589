"""受付番号: short, quotable on the phone, without letters or digits that look alike."""

import secrets

from conversations.models import Inquiry

LETTERS = "ACDEFHJKLMNPRTUVWXY"
DIGITS = "23456789"
_TRIES_A_LENGTH = 4


def new_reference(account_id: int) -> str:
    """One nobody in the account has, such as A7K-4829; longer once those run short.

    The caller's transaction holds the conversation, not the account: the constraint on
    (account, reference) is what decides a race, at odds of one in ten million.
    """
    length = 4
    while True:
        for _attempt in range(_TRIES_A_LENGTH):
            reference = _random_reference(length)
            taken = Inquiry.objects.filter(account_id=account_id, reference=reference)
            if not taken.exists():
                return reference
        length += 1


def _random_reference(length: int) -> str:
    head = secrets.choice(LETTERS) + secrets.choice(DIGITS) + secrets.choice(LETTERS)
    return head + "-" + "".join(secrets.choice(DIGITS) for _index in range(length))
