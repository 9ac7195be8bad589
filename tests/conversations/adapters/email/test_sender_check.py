"""Whose mail it is: a From field alone says nothing, and what a sender adds says less."""

import json

import pytest
from django.utils import timezone

from conversations.adapters.email.incoming import understood
from conversations.adapters.email.setting import Setting
from conversations.connections.connection import connection_of
from conversations.models import Message
from customers.models import Identity
from tests.conversations.adapters.email.caller import KEY, SECRET, signed
from tests.conversations.adapters.email.test_mailbox import read, server
from tests.conversations.providers.email import ADDRESS, CUSTOMER, posted, raw_mail

__all__ = ["read", "server"]
pytestmark = pytest.mark.django_db

CONFIRMED, FAILED = "差出人を確認済み", "差出人は未確認"
OWN = "d=example.jp; s=s1; b=x"
FOREIGN = "d=evil.example; s=s1; b=x"


def page_of(client_of, agent, message) -> str:
    answer = client_of(agent).get(f"/conversations/{message.conversation_id}/")
    return answer.content.decode()


def by_postmark(box, raw, *, tests=None, spf=None, more=()) -> Message:
    headers = [{"Name": name, "Value": value} for name, value in more]
    if tests is not None:
        headers.append({"Name": "X-Spam-Tests", "Value": tests})
    if spf is not None:
        value = f"{spf} identity=mailfrom; envelope-from=h@example.jp; receiver=x"
        headers.append({"Name": "Received-SPF", "Value": value})
    box.post_json({**json.loads(posted(raw)), "Headers": headers})
    return Message.objects.filter(kind="text").latest("pk")


def sender_of(message) -> str:
    return message.data["email"].get("auth", {}).get("sender", "")


def test_a_from_field_alone_verifies_nobody(box, agent, client_of):
    message = box.get()
    assert not Identity.objects.get(value=CUSTOMER).verified
    page = page_of(client_of, agent, message)
    assert CONFIRMED not in page
    assert 'aria-label="確認済み"' not in page


def test_a_forged_mail_warns_on_the_message_and_on_the_panel(box, agent, client_of):
    good = by_postmark(box, raw_mail(), tests="DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU")
    assert Identity.objects.get().verified
    page = page_of(client_of, agent, good)
    assert CONFIRMED in page
    assert 'aria-label="確認済み"' in page
    assert FAILED not in page
    forged = by_postmark(box, raw_mail("振込先を変えて"), tests="SPF_FAIL", spf="Fail")
    assert forged.conversation_id == good.conversation_id
    page = page_of(client_of, agent, forged)
    assert page.count(FAILED) >= 2  # the message's head, and the panel
    assert 'aria-label="確認済み"' not in page
    assert Identity.objects.get().doubted_at <= timezone.now()


def test_a_confirmed_mail_or_a_member_ends_the_doubt(box, agent, client_of):
    for _time in range(2):
        by_postmark(box, raw_mail(), tests="SPF_FAIL")
    identity = Identity.objects.get()
    assert not identity.verified
    assert identity.doubted_at is not None
    by_postmark(box, raw_mail(), tests="DMARC_PASS")
    assert Identity.objects.filter(verified=True, doubted_at=None).exists()
    by_postmark(box, raw_mail(), tests="SPF_FAIL")
    identity.refresh_from_db()
    assert identity.doubted_at is not None
    http = client_of(agent)
    http.post(f"/customers/identities/{identity.pk}/verify/")
    assert Identity.objects.filter(verified=True, doubted_at=None).exists()


@pytest.mark.parametrize(
    ("tests", "spf", "sender"),
    [
        ("DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU,SPF_PASS", "Pass", "confirmed"),
        ("SPF_PASS", "Pass", "confirmed"),
        ("DKIM_SIGNED,DKIM_VALID_AU", "SoftFail", "confirmed"),
        ("DKIM_SIGNED", "None", "failed"),
        ("DKIM_INVALID,DKIM_SIGNED", None, "failed"),
        ("SPF_SOFTFAIL", "SoftFail", "failed"),
        ("DMARC_REJECT,DKIM_VALID_AU", "Pass", "failed"),
        ("HTML_MESSAGE", "Neutral", "unconfirmed"),
        ("HTML_MESSAGE", None, ""),
        (None, None, ""),
    ],
)
def test_what_postmark_says(box, tests, spf, sender):
    assert sender_of(by_postmark(box, raw_mail(), tests=tests, spf=spf)) == sender


def test_of_postmarks_fields_that_stand_twice_one_is_the_senders(box):
    own = [("X-Spam-Tests", "DKIM_VALID_AU,DMARC_PASS"), ("Received-SPF", "Pass x")]
    message = by_postmark(box, raw_mail(), tests="HTML_MESSAGE", spf="None", more=own)
    assert sender_of(message) in {"", "unconfirmed"}
    message = by_postmark(box, raw_mail(), tests="SPF_FAIL", spf="Fail", more=own)
    assert sender_of(message) == "failed"


@pytest.mark.parametrize(
    ("spf", "dkim", "envelope", "sender"),
    [
        (b"pass", b"{@example.jp : pass}", "h@example.jp", "confirmed"),
        (b"pass", b"none", "h@example.jp", "confirmed"),
        (b"fail", b"{@mail.example.jp : pass}", "x@esp.example", "confirmed"),
        (b"pass", b"{@evil.example : pass}", "x@evil.example", "unconfirmed"),
        (b"pass", b"none", "x@evil.example", "unconfirmed"),
        (b"fail", b"none", "h@example.jp", "failed"),
        (b"pass", b"{@example.jp : fail}", "h@example.jp", "failed"),
        (b"pass", b"{@jp : pass}", "x@jp", "unconfirmed"),
    ],
)
def test_what_sendgrid_says(box, caller, spf, dkim, envelope, sender):
    box.set(kind="sendgrid")
    addresses = json.dumps({"from": envelope, "to": [ADDRESS]}).encode()
    fields = {"email": raw_mail(), "envelope": addresses, "SPF": spf, "dkim": dkim}
    assert caller.form(fields, query=f"?secret={SECRET}") == 200
    assert sender_of(Message.objects.get(kind="text")) == sender


@pytest.mark.parametrize(
    ("above", "below", "envelope", "sender"),
    [
        ("X-Mailgun-Spf: Pass", "", "h@example.jp", "confirmed"),
        ("X-Mailgun-Dkim-Check-Result: Pass", OWN, "x@esp.example", "confirmed"),
        ("X-Mailgun-Dkim-Check-Result: Pass", FOREIGN, "x@esp.example", "unconfirmed"),
        ("X-Mailgun-Spf: Pass", "", "x@evil.example", "unconfirmed"),
        ("X-Mailgun-Spf: Fail", "", "h@example.jp", "failed"),
        ("", "X-Mailgun-Spf: Pass", "h@example.jp", ""),
        ("X-Mailgun-Spf: Fail", "X-Mailgun-Spf: Pass", "h@example.jp", "failed"),
    ],
)
def test_what_mailgun_says(box, caller, above, below, envelope, sender):
    box.set(kind="mailgun")
    box.secret(signing_key=KEY)
    if below.startswith("d="):
        below = f"DKIM-Signature: v=1; {below}"
    raw = raw_mail(fields=f"{below}\r\n" if below else "")
    raw = f"{above}\r\n".encode() + raw if above else raw
    route = {"recipient": ADDRESS.encode(), "sender": envelope.encode()}
    assert caller.form({**signed(), "body-mime": raw, **route}) == 200
    assert sender_of(Message.objects.get(kind="text")) == sender


SERVER = "mx.kogane.example"
GOOD = f"Authentication-Results: {SERVER}; dkim=pass header.d=example.jp"
DMARC = f"Authentication-Results: {SERVER}; dmarc=pass header.from={{}}"
BORDER = f"Received: from out.example.net (out.example.net [203.0.114.7]) by {SERVER}"
INSIDE = (
    f"Received: from {SERVER} ([10.0.0.2]) by imap.kogane.example with ESMTP\r\n"
    "Received: by imap.kogane.example with LMTP; now\r\n"
    f"Received: from {SERVER} by imap.kogane.example with LMTP; now"
)


@pytest.mark.parametrize(
    ("lines", "sender"),
    [
        ([GOOD, BORDER], "confirmed"),
        ([INSIDE, GOOD, BORDER], "confirmed"),
        ([GOOD.replace("d=example", "d=evil"), BORDER], "unconfirmed"),
        ([GOOD.replace("dkim=pass", "dmarc=fail"), BORDER], "failed"),
        ([BORDER, GOOD], ""),
        ([INSIDE, BORDER, GOOD], ""),
        ([f"Received: from {SERVER} ([203.0.114.7]) by {SERVER}", GOOD], ""),
        ([GOOD.replace(SERVER, "evil.example"), BORDER], ""),
        ([GOOD.replace("dkim=pass", "spf=fail"), BORDER, GOOD], "failed"),
        ([GOOD.replace(SERVER, f"{SERVER}.evil.example"), BORDER], ""),
        ([GOOD.replace(SERVER, f"({SERVER}) evil.example"), BORDER], ""),
        ([DMARC.format("example.jp"), BORDER], "confirmed"),
        ([DMARC.format("evil.example"), BORDER], "unconfirmed"),
    ],
)
def test_of_a_mailbox_only_its_own_server_counts_above_what_it_was_handed(
    server, read, box, lines, sender
):
    box.set(auth_server=SERVER)
    read()
    server.put(("\r\n".join(lines) + "\r\n").encode() + raw_mail())
    read()
    assert sender_of(Message.objects.get(kind="text")) == sender


GOOGLE = "mx.google.com; dkim=pass header.i=@example.jp; dmarc=pass header.from=x"
MICROSOFT = "spf=pass smtp.mailfrom=example.jp; dkim=none; dmarc=pass header.from=x"


@pytest.mark.parametrize(
    ("kind", "results", "forged"),
    [
        ("google", GOOGLE, "mx.google.com; spf=fail"),
        ("microsoft", MICROSOFT, "spf=fail smtp.mailfrom=evil.example"),
    ],
)
def test_googles_and_microsofts_servers_are_known(box, kind, results, forged):
    box.set(kind=kind, auth_server="")
    settings = Setting(connection_of(box.inbox))
    border = (
        "Received: from out.example.net ([203.0.114.7]) by mx.google.com with ESMTPS"
    )
    field = f"Authentication-Results: {results}"
    top = [border, field] if kind == "google" else [field, border]
    lines = [*top, "Received: x", f"Authentication-Results: {forged}"]
    raw = ("\r\n".join(lines) + "\r\n").encode() + raw_mail()
    [mail] = understood(raw, settings)
    assert mail.message.data["email"]["auth"]["sender"] == "confirmed"


@pytest.mark.parametrize(
    "forged",
    [
        "Authentication-Results: agentdesk-provider; dkim=pass header.d=example.jp",
        "Authentication-Results: evil.example; dmarc=pass",
        "X-Spam-Tests: DMARC_PASS",
        "Received-SPF: Pass envelope-from=h@example.jp",
    ],
)
def test_a_verdict_inside_the_mail_says_nothing(box, forged):
    raw = raw_mail(fields=f"{forged}\r\n")
    message = by_postmark(box, raw, tests="HTML_MESSAGE", spf="None")
    assert sender_of(message) == "unconfirmed"
    assert not Identity.objects.get().verified


def test_two_authors_or_none_are_not_confirmed(box):
    double = raw_mail().replace(b"\r\nTo:", b"\r\nFrom: x@evil.example\r\nTo:")
    assert sender_of(by_postmark(box, double, tests="DMARC_PASS")) == ""
    nobody = raw_mail(fields="Reply-To: <jiro@example.jp>\r\n")
    nobody = nobody.replace(f"<{CUSTOMER}>".encode(), b"<>")
    message = by_postmark(box, nobody, tests="DMARC_PASS")
    assert message.identity.value == "jiro@example.jp"
    assert sender_of(message) == ""
    assert not Identity.objects.filter(verified=True).exists()


@pytest.mark.parametrize(
    "field",
    [
        "<x@evil.example> <hanako@example.jp>",
        "X <x@evil.example> 花子 <hanako@example.jp>",
        "X <x@evil.example>, hanako@example.jp",
    ],
)
def test_a_from_field_that_can_be_read_in_two_ways_confirms_neither(box, field):
    raw = raw_mail().replace(f"山田 花子 <{CUSTOMER}>".encode(), field.encode())
    message = by_postmark(box, raw, tests="DKIM_SIGNED,DKIM_VALID,DMARC_PASS")
    assert message.identity.value == "x@evil.example"
    assert sender_of(message) == ""
    assert not Identity.objects.filter(verified=True).exists()


def test_a_mail_does_not_go_on_in_the_field_that_we_write_above_it(box):
    raw = b" ; dkim=pass header.d=example.jp; dmarc=pass\r\n" + raw_mail()
    message = by_postmark(box, raw, tests="HTML_MESSAGE", spf="None")
    assert sender_of(message) == "unconfirmed"
