"""Secrets at rest: sealed with CREDENTIAL_KEY, which is not SECRET_KEY.

CREDENTIAL_KEY may hold several texts, comma-separated: the first seals, all unseal.
Digests have DIGEST_KEY, which stays when CREDENTIAL_KEY is renewed: what was found by
them before is found afterwards.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnsealError(Exception):
    """The text was sealed with a key that this installation no longer has."""


@lru_cache(maxsize=4)
def _box(keys: str) -> MultiFernet:
    derived = [hashlib.sha256(key.strip().encode()).digest() for key in keys.split(",")]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def seal(text: str) -> str:
    return _box(settings.CREDENTIAL_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises UnsealError."""
    try:
        return _box(settings.CREDENTIAL_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnsealError from error


def is_sealed_by_first(sealed: str) -> bool:
    """Whether no older key is needed for it."""
    try:
        _box(settings.CREDENTIAL_KEY.partition(",")[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def digest(text: str) -> str:
    """A keyed SHA-256 in hex: finds a short code again without keeping it."""
    key = settings.DIGEST_KEY or settings.CREDENTIAL_KEY.split(",")[-1].strip()
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
