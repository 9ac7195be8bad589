"""Whom we believe to be Twilio: by our public address, whatever proxy stands before it."""

import hashlib
import json

import pytest
from django.test import Client

from conversations.adapters.sms.signature import addresses
from conversations.models import Message, ProviderEvent
from tests.conversations.providers import sms
from tests.conversations.providers.sms import CUSTOMER, PROVIDER, SID, write

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://desk.example.jp"


@pytest.fixture
def inbox(account, queue, settings):
    settings.PUBLIC_URL = URL
    return PROVIDER.connected(account, queue)


def test_what_is_signed_over_our_public_address_is_believed_behind_any_proxy(inbox):
    body = write("届きました")
    url = f"{URL}/hooks/{inbox.key}/"
    headers = sms.sign(body, url, PROVIDER.secrets)
    http = Client()
    hidden = {"HTTP_HOST": "localhost", "REMOTE_ADDR": "10.0.0.7"}
    kind = PROVIDER.content_type
    answer = http.post(
        f"/hooks/{inbox.key}/", body, content_type=kind, headers=headers, **hidden
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml"
    assert answer.content.endswith(b"<Response></Response>")


def test_a_host_that_the_request_itself_names_is_not_believed(inbox):
    body = write("偽物")
    forged = f"https://evil.example/hooks/{inbox.key}/"
    headers = {
        **sms.sign(body, forged, PROVIDER.secrets),
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Original-Host": "evil.example",
    }
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        body,
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 403
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("address", [URL, f"{URL}:443"])
def test_twilio_may_have_signed_with_the_port_or_without(inbox, address):
    body = write("ポート")
    headers = sms.sign(body, f"{address}/hooks/{inbox.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        body,
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 200


def test_the_query_of_the_address_is_signed_too(inbox):
    assert PROVIDER.post(inbox, write("一"), query="?line=2").status_code == 200
    body = write("二")
    headers = sms.sign(body, f"{URL}/hooks/{inbox.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/?line=2",
        body,
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("signature", ["", "署名", "x" * 5000])
def test_a_senseless_signature_is_refused(inbox, signature):
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        write("x"),
        content_type=PROVIDER.content_type,
        headers={"X-Twilio-Signature": signature},
    )
    assert answer.status_code == 403


def test_a_changed_field_breaks_the_signature(inbox):
    body = write("1000円")
    headers = sms.sign(body, f"{URL}/hooks/{inbox.key}/", PROVIDER.secrets)
    answer = Client().post(
        f"/hooks/{inbox.key}/",
        body.replace(b"1000", b"9000"),
        content_type=PROVIDER.content_type,
        headers=headers,
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(("tampered", "status"), [(False, 200), (True, 403)])
def test_a_json_body_is_believed_by_its_digest_alone(inbox, tampered, status):
    body = json.dumps({"MessageSid": SID, "From": CUSTOMER, "Body": "JSON"}).encode()
    query = f"?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = sms.sign(body, f"{URL}/hooks/{inbox.key}/{query}", PROVIDER.secrets)
    if tampered:
        body = body.replace(b"JSON", b"JSOF")
    answer = Client().post(
        f"/hooks/{inbox.key}/{query}",
        body,
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == status
    assert Message.objects.filter(kind="text").exists() is not tampered


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://a.jp/x?y=1", "https://a.jp:443/x?y=1"),
        ("https://a.jp:443/x", "https://a.jp/x"),
        ("http://a.jp/x", "http://a.jp:80/x"),
        ("https://user:pw@a.jp/x", "https://user:pw@a.jp:443/x"),
    ],
)
def test_an_address_has_two_ways_to_write_its_port(url, other):
    assert addresses(url) == [url, other]
