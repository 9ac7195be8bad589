"""Who a shop says its signed-in visitor is: an HS256 JWT, made with the inbox's secret."""

from datetime import timedelta
from typing import Annotated, Any

import jwt
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from agentdesk.card_masking import holds_card, mask_cards

MAX_TOKEN = 16_000
LONGEST_LIFE = timedelta(hours=24)
_LEEWAY = 60  # seconds a shop's clock may be off

# No control characters, which no name, address or number has.
_PLAIN = r"^[^\x00-\x1f\x7f]*$"


def _no_card(text: str) -> str:
    if holds_card(text):
        raise ValueError("a card number")
    return text


def _without_cards(text: str) -> str:
    return mask_cards(text, in_names=True)


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200, pattern=_PLAIN),
    AfterValidator(_without_cards),
]
# An id of the shop's own making is not masked: another could become the same.
_NoCard = AfterValidator(_no_card)


class InvalidIdentityTokenError(Exception):
    """Forged, expired, too long-lived, or not understood: the chat goes on anonymous."""


class CartLine(BaseModel):
    sku: Annotated[str, StringConstraints(max_length=60, pattern=_PLAIN), _NoCard] = ""
    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, pattern=_PLAIN),
        AfterValidator(mask_cards),
    ]
    quantity: int = Field(ge=1, le=9999)
    unit_price: int = Field(ge=0, le=1_000_000_000)


class ShopIdentity(BaseModel):
    """The claims. `cart` None: the shop says nothing of it; empty: the cart is empty."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    sub: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=100, pattern=_PLAIN
        ),
        _NoCard,
    ]
    iat: int
    exp: int
    name: Text = ""
    kana: Text = ""
    email: Text = ""
    phone: Text = ""
    cart: list[CartLine] | None = Field(default=None, max_length=50)

    def claims(self) -> dict[str, Any]:
        """What is kept of it."""
        return self.model_dump(exclude={"iat", "exp"}, exclude_none=True)


def read_identity(token: str, secret: str) -> ShopIdentity:
    """Raises InvalidIdentityTokenError."""
    if not secret or not token or len(token) > MAX_TOKEN:
        raise InvalidIdentityTokenError
    try:
        payload = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            leeway=_LEEWAY,
            options={"require": ["sub", "iat", "exp"], "verify_sub": False},
        )
        identity = ShopIdentity.model_validate(payload)
    except (jwt.PyJWTError, ValidationError, ValueError) as error:
        raise InvalidIdentityTokenError from error
    if identity.exp - identity.iat > LONGEST_LIFE.total_seconds():
        raise InvalidIdentityTokenError
    return identity


def sign_identity(claims: dict[str, Any], secret: str) -> str:
    """What a shop's own server does; our demo shop does it here."""
    return jwt.encode(claims, secret, algorithm="HS256")
