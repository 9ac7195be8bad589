"""A small shop that carries the real chat: only in the demo."""

import json
import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentdesk.accounts.models import ClientAccount
from conversations.inbound.link_account import store_nonce
from conversations.webchat.selectors.demo_shop import (
    basket,
    chat_of,
    goods,
    identity_token,
    linking_inbox_of,
    shop_id_of,
    shoppers,
)

_MOST = 9


def _stored_session(request: HttpRequest, slug: str) -> dict[str, dict[str, int]]:
    """The shop's own signed cookie: who is signed in, and what is in the basket."""
    text = request.get_signed_cookie(f"demo_{slug}", default="{}")
    session: dict[str, dict[str, int]] = {"basket": {}, "shopper": {}}
    session.update(json.loads(text or "{}"))
    return session


def _store_session(slug: str, session: dict[str, dict[str, int]]) -> HttpResponse:
    response = redirect("demo:shop", slug)
    response.set_signed_cookie(
        f"demo_{slug}",
        json.dumps(session),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_GET
def shop(request: HttpRequest, slug: str) -> HttpResponse:
    account = get_object_or_404(ClientAccount, slug=slug)
    session = _stored_session(request, slug)
    people = shoppers(account)
    shopper = next((p for p in people if p.pk == session["shopper"].get("pk")), None)
    lines = basket(account, session["basket"])
    inbox = chat_of(account)
    return render(
        request,
        "webchat/demo/shop.html",
        {
            "account": account,
            "products": goods(account),
            "lines": lines,
            "total": sum(line.amount for line in lines),
            "count": sum(line.quantity for line in lines),
            "people": people,
            "shopper": shopper,
            "inbox": inbox,
            "identity": identity_token(inbox, shopper, lines)
            if inbox and shopper
            else "",
        },
    )


@require_POST
def change_basket(request: HttpRequest, slug: str) -> HttpResponse:
    account = get_object_or_404(ClientAccount, slug=slug)
    session = _stored_session(request, slug)
    sku = request.POST.get("sku", "")
    if sku in {product.sku for product in goods(account)}:
        step = -1 if request.POST.get("step") == "-1" else 1
        quantity = session["basket"].get(sku, 0) + step
        session["basket"][sku] = max(0, min(_MOST, quantity))
    return _store_session(slug, session)


@require_POST
def sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on as one of the demo's customers, or as nobody."""
    account = get_object_or_404(ClientAccount, slug=slug)
    session = _stored_session(request, slug)
    wanted = request.POST.get("shopper", "")
    known = {str(person.pk): person.pk for person in shoppers(account)}
    session["shopper"] = {"pk": known[wanted]} if wanted in known else {}
    return _store_session(slug, session)


@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign in from LINE, as the shop's own page would: LINE is told as whom."""
    account = get_object_or_404(ClientAccount, slug=slug)
    inbox = linking_inbox_of(account)
    if inbox is None:
        raise Http404
    people = shoppers(account)
    wanted = request.POST.get("shopper", "")
    shopper = next((one for one in people if str(one.pk) == wanted), None)
    if shopper is None:
        return render(
            request, "webchat/demo/line.html", {"account": account, "people": people}
        )
    nonce = secrets.token_urlsafe(16)
    store_nonce(inbox, nonce=nonce, shop_id=shop_id_of(shopper))
    query = urlencode({"linkToken": request.GET.get("linkToken", ""), "nonce": nonce})
    # A link: our policy lets no form lead to another place.
    context = {"back": f"{settings.SIMULATOR_URL}/line/_accountLink?{query}"}
    return render(request, "webchat/demo/line.html", {"account": account, **context})
