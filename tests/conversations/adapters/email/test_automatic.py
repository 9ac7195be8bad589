"""What no person has written, told from its header; hints are no more than hints."""

import pytest

from conversations.adapters.email.automatic import recognise
from conversations.adapters.email.mime import read_mail


def mail(fields: str, body: str = "words", sender: str = "taro@example.jp"):
    return read_mail(f"From: {sender}\r\n{fields}\r\n\r\n{body}".encode())


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: vacation",
        "Precedence: auto_reply",
        "Precedence: bulk",
        "Precedence: JUNK",
    ],
)
def test_what_says_it_is_automatic_is_believed(field):
    found = recognise(mail(field))
    assert found.is_auto_reply
    assert found.reason.lower().startswith(field.lower().partition(":")[0])
    assert not found.may_be_answered


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: None",
        "X-Auto-Response-Suppress: DR, NDR, RN, NRN",
        "X-Autoreply: no",
        "Precedence: normal",
        "X-Other: auto-replied",
    ],
)
def test_a_persons_mail_is_a_persons(field):
    found = recognise(mail(field), ["example.com"])
    assert not found.is_auto_reply
    assert found.may_be_answered


@pytest.mark.parametrize("value", ["All", "DR, OOF, AutoReply", "oof"])
def test_who_asks_machines_to_be_silent_may_be_a_person(value):
    found = recognise(mail(f"X-Auto-Response-Suppress: {value}"))
    assert not found.is_auto_reply
    assert not found.reason
    assert not found.may_be_answered


@pytest.mark.parametrize(
    "subject",
    [
        "自動返信: お問い合わせ",
        "不在のお知らせ",
        "Out of Office: Re: x",
        "Automatic reply: x",
        "Automatische Antwort: x",
        "Réponse automatique : x",
        "自動回覆: x",
        "自动回复: x",
        "부재중 자동 회신",
    ],
)
def test_a_subject_alone_is_only_a_hint(subject):
    found = recognise(mail(f"Subject: {subject}"))
    assert found.looks_automatic
    assert not found.is_auto_reply
    assert not found.may_be_answered


def test_a_list_is_a_list_and_no_answer():
    found = recognise(mail("List-Id: <staff.example.jp>\r\nPrecedence: bulk"))
    assert (found.is_list, found.is_auto_reply) == (True, False)
    assert recognise(mail("Precedence: list")).is_list


def test_our_own_mail_is_known_by_the_domain_of_its_id():
    ours = mail("Message-ID: <a@Desk.example.com>")
    assert recognise(ours, ["desk.example.com"]).is_own
    assert not recognise(ours, ["example.com"]).is_own
    assert not recognise(mail("X: y"), ["example.com"]).is_own


@pytest.mark.parametrize(
    ("fields", "body", "sender", "recipient", "status"),
    [
        (
            "X-Failed-Recipients: a@example.jp\r\nSubject: Mail delivery failed",
            "  a@example.jp\r\n    550 5.2.2 mailbox full",
            "Mail Delivery System <Mailer-Daemon@mx.example.com>",
            "a@example.jp",
            "5.2.2",
        ),
        (
            "Return-Path: <>\r\nSubject: Returned mail: User unknown",
            "   ----- The following addresses had permanent fatal errors -----\r\n"
            "<b@ezweb.ne.jp>\r\n    (reason: 550 <b@ezweb.ne.jp>: User unknown)",
            "MAILER-DAEMON@ezweb.ne.jp",
            "b@ezweb.ne.jp",
            "5.1.1",
        ),
        (
            "Subject: =?utf-8?B?6YWN5L+h5LiN6IO9?=",
            "c@example.co.jp\r\nにメッセージを配信できませんでした。",
            "postmaster@example.co.jp",
            "c@example.co.jp",
            "",
        ),
    ],
)
def test_bounces_that_follow_no_standard_are_read(
    fields, body, sender, recipient, status
):
    (bounce,) = recognise(mail(fields, body, sender)).bounces
    assert (bounce.recipient, bounce.status) == (recipient, status)
    assert bounce.is_permanent


@pytest.mark.parametrize(
    ("fields", "body", "sender"),
    [
        (
            "Content-Type: multipart/mixed; boundary=x\r\nSubject: help",
            "--x\r\n\r\nこのエラーは何ですか\r\n--x\r\nContent-Type: message/delivery-status"
            "\r\n\r\nFinal-Recipient: rfc822; a@b.jp\r\nAction: failed\r\n--x--",
            "taro@example.jp",
        ),
        ("Subject: Returned mail?", "user unknown と表示されました", "taro@example.jp"),
        ("Subject: DNS", "設定を変えました。", "postmaster@example.jp"),
        ("Return-Path: <>\r\nSubject: hello", "user unknown", "taro@example.jp"),
    ],
)
def test_a_person_who_writes_about_a_bounce_has_sent_none(fields, body, sender):
    assert recognise(mail(fields, body, sender)).bounces == ()


def report(lines: str):
    return mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        "--x\r\n\r\nwords\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx\r\n\r\n{lines}\r\n--x--",
        "MAILER-DAEMON@mx.example.com",
    )


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action):
    lines = (
        f"Final-Recipient: rfc822; a@example.jp\r\nAction: {action}\r\nStatus: 2.0.0"
    )
    assert recognise(report(lines)).bounces == ()


@pytest.mark.parametrize(
    ("subject", "body", "status", "is_delayed"),
    [
        (
            "Warning: could not send message for past 4 hours",
            "451 a@b.jp... timeout\r\nWarning: message still undelivered",
            "4.0.0",
            True,
        ),
        ("Delayed Mail (still being retried)", "<a@b.jp>: timed out", "", True),
        ("failure notice", "<a@b.jp>:\r\nI've given up. It was delayed.", "", False),
        (
            "Mail System Error - Returned Mail",
            "送信先メールアドレスが見つかりませんでした。\r\n\r\n  a@docomo.ne.jp",
            "5.1.1",
            False,
        ),
        (
            "Mail System Error - Returned Mail",
            "受信ボックスの容量を超えています。\r\n  a@ezweb.ne.jp",
            "5.2.2",
            False,
        ),
        (
            "failure notice",
            "<a@yahoo.co.jp>:\r\nThis user doesn't have a yahoo.co.jp account",
            "5.1.1",
            False,
        ),
    ],
)
def test_words_of_carriers_are_read_as_numbers(subject, body, status, is_delayed):
    (bounce,) = recognise(
        mail(f"Subject: {subject}", body, "MAILER-DAEMON@mx.example.com")
    ).bounces
    assert (bounce.status, bounce.is_delayed) == (status, is_delayed)


@pytest.mark.parametrize(
    "body",
    [
        "送信できませんでした。\r\n550 Unknown user hanako@docomo.ne.jp",
        "送信できませんでした。\r\n宛先: hanako@docomo.ne.jp\r\n理由: 存在しません",
        "次の宛先（hanako@docomo.ne.jp）には送信できませんでした。",
    ],
)
def test_an_address_within_a_line_is_the_one_that_failed(body):
    report = mail("Subject: Undelivered Mail", body, "postmaster@docomo.ne.jp")
    (bounce,) = recognise(report).bounces
    assert bounce.recipient == "hanako@docomo.ne.jp"


def test_of_several_recipients_the_failed_one_is_told():
    (bounce,) = recognise(
        report(
            "Final-Recipient: rfc822; a@example.jp\r\nAction: relayed\r\nStatus: 2.0.0"
            "\r\n\r\nFinal-Recipient: rfc822; <b@example.jp>\r\nAction: failed\r\n"
            "Status: 4.4.7 (expired)\r\nDiagnostic-Code: smtp; 421 busy"
        )
    ).bounces
    assert (bounce.recipient, bounce.status) == ("b@example.jp", "4.4.7")
    assert bounce.diagnostic == "421 busy"
    assert not bounce.is_permanent
