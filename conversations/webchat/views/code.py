"""The pick-up code for a call, with the number to call."""

import qrcode
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M

from conversations.exceptions import RefusalError
from conversations.webchat import limits
from conversations.webchat.actions.pickup import issue_code
from conversations.webchat.actions.visitor import visitor_of
from conversations.webchat.views.door import ChatRequest, Door, answer, chat_endpoint
from customers.people.text import display_phone


@chat_endpoint(Door("POST", visitor_limits=(limits.VISITOR_CODES,)))
def code(chat: ChatRequest) -> HttpResponse:
    account = chat.inbox.account
    if not (chat.inbox.webchat.show_pickup and account.phone_number):
        raise RefusalError(_("This shop takes no calls."))
    with transaction.atomic():
        visitor = visitor_of(chat.inbox, chat.visitor_key, language=chat.language)
        digits, expires_at = issue_code(visitor)
    return answer(
        {
            "code": digits,
            "expires_at": expires_at.isoformat(),
            "number": display_phone(account.phone_number, account.phone_region),
            "tel": account.phone_number,
            "qr": qr_path(f"tel:{account.phone_number}"),
        }
    )


def qr_path(text: str) -> dict[str, int | str]:
    """A QR code as an SVG path over a square of `size` units, quiet zone included."""
    picture = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2)
    picture.add_data(text)
    matrix = picture.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return {"size": len(matrix), "path": path}
