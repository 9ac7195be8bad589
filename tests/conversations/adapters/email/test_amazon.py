"""Amazon's notices: signed mail, receipts, subscriptions, and what only looks like them."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from conversations.adapters.email import sns
from conversations.adapters.email.sns import is_certificate, is_confirming
from conversations.choices import EventState
from conversations.models import Message, ProviderEvent
from conversations.models.connection import InboxRefusals
from tests.conversations.adapters.email.caller import SECRET, only_message, sjis
from tests.conversations.providers.email import ADDRESS

pytestmark = pytest.mark.django_db

HOST = "https://sns.ap-northeast-1.amazonaws.com"
CERTIFICATE = f"{HOST}/SimpleNotificationService-0123456789abcdef.pem"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(*, days: int = 1) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def amazon(box, caller, monkeypatch):
    """Its web pages are answered here; `pages` says how, `fetched` what was looked at."""
    fetched, pages = [], {CERTIFICATE: (200, certificate())}

    def answer(request):
        fetched.append(str(request.url))
        status, content = pages.get(str(request.url), (404, b""))
        return httpx2.Response(status, content=content)

    monkeypatch.setattr(
        sns.outbound,
        "client",
        lambda: httpx2.Client(transport=httpx2.MockTransport(answer)),
    )
    sns._stored.clear()
    box.set(kind="ses", access_key_id="AKID", region="ap-northeast-1")

    def post(body, query=f"?secret={SECRET}"):
        return caller.post(body, "text/plain; charset=UTF-8", query=query)

    yield SimpleNamespace(post=post, fetched=fetched, pages=pages)
    sns._stored.clear()


def notice(*, version="1", key=KEY, changed=None, **more) -> bytes:
    """Signed; `changed` is what somebody has put in afterwards."""
    fields = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "TopicArn": "arn:aws:sns:ap-northeast-1:1:inbound",
        "Timestamp": "2026-11-25T10:00:00.000Z",
        **more,
    }
    text = "".join(f"{name}\n{fields[name]}\n" for name in sorted(fields))
    digest = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303
    signature = key.sign(text.encode(), padding.PKCS1v15(), digest)
    fields |= {
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": CERTIFICATE,
    }
    return json.dumps(fields | (changed or {})).encode()


def received(raw: bytes = b"", **more) -> str:
    action = {"type": "SNS", "encoding": "BASE64"}
    payload = {
        "notificationType": "Received",
        "mail": {"messageId": "ses-1", "source": "h@example.jp"},
        "receipt": {
            "recipients": [ADDRESS],
            "spfVerdict": {"status": "PASS"},
            "dkimVerdict": {"status": "FAIL"},
            "action": more.get("action", action),
        },
    }
    if raw:
        payload["content"] = base64.b64encode(raw).decode()
    return json.dumps(payload)


@pytest.mark.parametrize("version", ["1", "2"])
def test_signed_mail_gets_in_once_with_its_verdicts(amazon, version):
    body = notice(version=version, Subject="Amazon SES", Message=received(sjis()))
    assert amazon.post(body) == 200
    assert amazon.post(body) == 200
    assert only_message().body == "半角ｶﾅと①"
    assert only_message().data["email"]["auth"] == {
        "spf": "pass",
        "spf_domain": "example.jp",
        "dkim": "fail",
        "sender": "failed",
    }
    assert amazon.fetched == [CERTIFICATE]  # once: it is kept


@pytest.mark.parametrize(
    "body",
    [
        notice(Message=received(sjis()), changed={"Message": received(sjis("別物"))}),
        notice(Message=received(sjis()), changed={"Signature": "bm8="}),
        notice(Message=received(sjis()), changed={"Signature": None}),
        notice(Message=received(sjis()), changed={"SignatureVersion": "3"}),
        notice(Message=received(sjis()), changed={"SigningCertURL": None}),
        notice(
            Message=received(sjis()),
            changed={"SigningCertURL": "https://evil.example/SimpleNotification.pem"},
        ),
        notice(
            Message=received(sjis()),
            key=rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ),
        b"{}",
        b"[1]",
        b"no json",
    ],
)
def test_what_amazon_has_not_signed_is_refused_and_only_counted(amazon, body):
    assert amazon.post(body) == 403
    assert not ProviderEvent.objects.exists()
    assert InboxRefusals.objects.get().count == 1
    assert set(amazon.fetched) <= {CERTIFICATE}


def test_without_the_secret_of_the_address_nobody_is_asked(amazon):
    assert amazon.post(notice(Message=received(sjis())), query="?secret=x") == 403
    assert not amazon.fetched


def test_an_expired_certificate_proves_nothing(amazon):
    amazon.pages[CERTIFICATE] = (200, certificate(days=-1))
    assert amazon.post(notice(Message=received(sjis()))) == 403


def test_while_the_certificate_cannot_be_had_amazon_is_asked_to_come_again(amazon):
    amazon.pages[CERTIFICATE] = (503, b"")
    body = notice(Message=received(sjis()))
    assert amazon.post(body) == 503
    assert not ProviderEvent.objects.exists()
    amazon.pages[CERTIFICATE] = (200, certificate())
    assert amazon.post(body) == 200
    assert only_message().body


def test_a_subscription_is_confirmed_at_amazon_alone(amazon):
    good = f"{HOST}/?Action=ConfirmSubscription&Token=t"
    amazon.pages[good] = (200, b"")
    fields = {"Type": "SubscriptionConfirmation", "Message": "m", "Token": "t"}
    assert amazon.post(notice(**fields, SubscribeURL=good)) == 200
    assert amazon.fetched == [CERTIFICATE, good]
    evil = "https://evil.example/?Action=ConfirmSubscription"
    assert amazon.post(notice(**fields, SubscribeURL=evil)) == 403
    forged = notice(**fields, SubscribeURL=good, changed={"Token": "u"})
    assert amazon.post(forged) == 403
    assert amazon.fetched == [CERTIFICATE, good]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "base",
    [
        "http://sns.eu-west-1.amazonaws.com/",
        "https://sns.eu-west-1.amazonaws.com.evil.example/",
        "https://evil.example/sns.amazonaws.com/",
        "https://s3.amazonaws.com/bucket/",
        "https://sns.amazonaws.com/",
        "https://sns.x.amazonaws.com@evil.example/",
        "https://sns.eu-west-1.amazonaws.com:8443/",
        "https://sns.eu-west-1.amazonaws.com/../",
        "not an address",
    ],
)
def test_what_only_looks_like_amazon_is_not(base):
    assert not is_certificate(f"{base}SimpleNotificationService-0a.pem")
    assert not is_confirming(f"{base}?Action=ConfirmSubscription")


@pytest.fixture
def bucket(box, httpserver, settings, amazon):
    """What Amazon has put into S3, at this very machine."""
    settings.SIMULATOR_URL = httpserver.url_for("").rstrip("/")
    box.inbox.connection.is_simulated = True
    box.inbox.connection.save(update_fields=["is_simulated"])
    box.secret(secret_access_key="amazon-key")
    return httpserver


STORED = received(action={"type": "S3", "bucketName": "mails", "objectKey": "in/1"})


def test_mail_that_amazon_keeps_in_a_bucket_is_fetched_from_there(amazon, bucket):
    path = re.compile(r"/email/mails/in/1")
    bucket.expect_request(path).respond_with_data(sjis("大きなメール"))
    assert amazon.post(notice(Message=STORED)) == 200
    assert only_message().body == "大きなメール"
    (request, _answer) = bucket.log[0]
    assert "Credential=AKID/" in request.headers["Authorization"]


def test_mail_we_may_not_fetch_waits_with_a_sentence_that_says_where(
    amazon, bucket, admin, client_of, box
):
    refusal = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
    bucket.expect_request("/email/mails/in/1").respond_with_data(
        refusal, status=403, content_type="application/xml"
    )
    assert amazon.post(notice(Message=STORED)) == 200
    event = ProviderEvent.objects.get()
    assert event.state == EventState.QUARANTINED
    assert "s3://mails/in/1" in event.reason
    assert "AccessDenied" in event.reason
    assert "s3:GetObject" in event.reason
    page = client_of(admin).get(f"/settings/{box.inbox.account.slug}/quarantine/")
    assert "s3://mails/in/1" in page.content.decode()


@pytest.mark.parametrize(
    ("topic", "is_ours"),
    [
        ("arn:aws:sns:ap-northeast-1:123456789012:inbound", True),
        ("arn:aws:sns:us-east-1:123456789012:bounces", True),
        ("arn:aws:sns:ap-northeast-1:999999999999:inbound", False),
        ("arn:aws:sns:ap-northeast-1:999999999999:123456789012", False),
        ("123456789012", False),
    ],
)
def test_only_topics_of_the_shops_own_account_get_in(amazon, box, topic, is_ours):
    box.set(aws_account="123456789012")
    body = notice(TopicArn=topic, Message=received(sjis()))
    assert amazon.post(body) == (200 if is_ours else 403)
    assert ProviderEvent.objects.exists() is is_ours


def test_nobody_elses_topic_is_confirmed(amazon, box):
    box.set(aws_account="123456789012")
    confirming = f"{HOST}/?Action=ConfirmSubscription&Token=t"
    body = notice(
        Type="SubscriptionConfirmation", SubscribeURL=confirming, Token="t", Message="m"
    )
    assert amazon.post(body) == 403
    assert amazon.fetched == []
