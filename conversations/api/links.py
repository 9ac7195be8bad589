"""POST /api/v1/line/nonce: a shop tells whom it has signed in to be linked."""

from typing import Annotated, cast

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import StringConstraints

from conversations.api.base import InboxKey
from conversations.api.calls import Refused
from conversations.inbound.link_account import store_nonce
from conversations.models import Inbox

router = Router(tags=["account link"], auth=InboxKey("links_accounts"))

# Source: LINE, "User account linking": 10 to 255 letters, best Base64.
_Nonce = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{10,255}$")]
_ShopId = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=320,
        pattern=r"^[^\x00-\x1f\x7f\u2028\u2029]*$",
    ),
]


class NoncePayload(Schema):
    """Before you send the customer on to LINE's accountLink page with this nonce."""

    nonce: _Nonce
    customer_id: _ShopId


class NonceStored(Schema):
    repeated: bool


@router.post(
    "/line/nonce",
    response={201: NonceStored, (401, 413, 422): Refused},
    summary="A customer has signed in to link LINE with their account",
)
def post_nonce(request: HttpRequest, payload: NoncePayload) -> "Status[NonceStored]":
    inbox = cast(Inbox, request.auth)  # type: ignore[attr-defined]  # set by ninja
    is_new = store_nonce(inbox, nonce=payload.nonce, shop_id=payload.customer_id)
    return Status(201, NonceStored(repeated=not is_new))
