"""Passwords that are long and still among the first that are guessed."""

import re
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Longer words people stretch a password with that is no secret here.
_OWN_WORDS = ("agentdesk", "callcenter", "contactcenter", "konnichiwa", "arigatou")
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
)
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
_LEAST_OF_ITS_OWN = 5  # letters that are in none of the above
_SHORTEST_KNOWN = 4
_ENOUGH_WORDS = 3


class StretchedPasswordValidator:
    """Refuses a breached password that was only made longer.

    `password123456`, `P@ssw0rd2026!`, `qwertyqwerty`, `abcabcabcabc`: the list of leaked
    passwords has few of twelve letters, and those who guess try its short ones with digits,
    years and repetitions behind. Django's list, 20,000 entries, needs no network.
    """

    def __init__(self) -> None:
        self._leaked = CommonPasswordValidator().passwords

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if self._is_stretched(unicodedata.normalize("NFKC", password).lower()):
            raise ValidationError(
                _("This is a widely used password, only made longer."),
                code="password_stretched",
            )

    def get_help_text(self) -> str:
        return _("Not a widely used password with digits or signs added.")

    def _is_stretched(self, password: str) -> bool:
        if len(set(password)) < _LEAST_OF_ITS_OWN or _is_repeated(password):
            return True
        words = {password, _bare(password)}
        words |= {word.translate(_LOOKALIKES) for word in words}
        words |= {_bare(word) for word in words}
        return any(self._is_of_known_parts(word) for word in words)

    def _is_of_known_parts(self, word: str) -> bool:
        """Whether too little is left once everything that is known is taken out."""
        if word in self._leaked:
            return True
        parts = [part for part in re.split(r"[\W\d_]+", word) if part]
        if not parts:
            digits = re.sub(r"\D", "", word)
            return digits in _ROWS[3] * 2 or _is_repeated(digits)
        known = [part for part in parts if self._is_known(part)]
        own = sum(map(len, parts)) - sum(map(len, known))
        return bool(known) and own < _LEAST_OF_ITS_OWN and len(parts) < _ENOUGH_WORDS

    def _is_known(self, part: str) -> bool:
        if len(part) < _SHORTEST_KNOWN:
            return False
        is_row = any(part in row or part[::-1] in row for row in _ROWS)
        return (
            is_row or part in self._leaked or part in _OWN_WORDS or _is_repeated(part)
        )


def _bare(word: str) -> str:
    """Without the digits and signs before and behind it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", word)


def _is_repeated(word: str) -> bool:
    """Itself again and again, the last time perhaps in part."""
    return any(
        word == (word[:length] * len(word))[: len(word)]
        for length in range(1, len(word) // 2 + 1)
    )
