"""How a customer of LINE links it with the shop, all the way."""

import hashlib
import json
import re

from django.test import Client

from conversations.models import InboxApiKey

SIGN_IN = "https://shop.example.jp/line/sign-in?lang=ja"
SHOP_KEY = "adk_shop"
NONCE = "wuI5RSBuUXo7bwLxWJoT6A=="


def make_linkable(inbox):
    inbox.connection.settings = {"account_link_url": SIGN_IN}
    inbox.connection.save()
    key = hashlib.sha256(SHOP_KEY.encode()).hexdigest()
    InboxApiKey.objects.create(inbox=inbox, prefix=SHOP_KEY, key_hash=key)


def invite(agent, conversation):
    http = Client()
    http.force_login(agent.user)
    return http.post(f"/conversations/{conversation.pk}/account-link/")


def post_nonce(nonce=NONCE, customer="S-1001", key=SHOP_KEY):
    """The shop's server, after it has signed the customer in."""
    return Client().post(
        "/api/v1/line/nonce",
        json.dumps({"nonce": nonce, "customer_id": customer}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def link(line, agent, conversation, *, nonce=NONCE, **fields):
    """The whole way of a customer: the button, the shop, LINE, and back."""
    assert invite(agent, conversation).status_code == 201
    address = line.objects()[-1]["template"]["actions"][0]["uri"]
    token = re.fullmatch(re.escape(SIGN_IN) + r"&linkToken=(\w+)", address)[1]
    if fields or nonce == NONCE:
        assert post_nonce(nonce, **fields).status_code == 201
    assert line.simulator.link_account(line.connection, token, nonce) == 200
