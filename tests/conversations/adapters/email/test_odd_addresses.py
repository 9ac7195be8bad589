"""Addresses and names that are not ASCII, on their way out."""

import re

import pytest

from conversations.adapters.email.address import addresses_of
from conversations.adapters.email.header import read_fields
from conversations.choices import DeliveryState, FailureCode
from tests.conversations.adapters.email.mailbox import delivery_of, sent
from tests.conversations.adapters.email.smtp_sink import running

pytestmark = pytest.mark.django_db

HANAKO = "花子@例え.example"
IN_ASCII = "花子@xn--r8jz45g.example"


@pytest.fixture(params=[True, False], ids=["SMTPUTF8", "plain"])
def smtp(request, settings, box):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with running(takes_utf8=request.param) as sink:
        sink.takes_utf8 = request.param
        values = {"smtp_host": "127.0.0.1", "smtp_port": str(sink.port)}
        box.set(smtp_security="none", imap_security="none", **values)
        box.secret(password="")
        yield sink


def received(box, **more):
    box.set(kind="postmark")
    message = box.get(**more)
    box.set(kind="imap")
    return message


def test_a_domain_of_other_letters_is_written_in_ascii(box, agent, smtp):
    message = received(box, sender="hanako@例え.example", name="花子")
    box.reply(agent)
    assert sent(message.conversation).state == DeliveryState.SENT
    assert smtp.envelopes[0][1] == ["hanako@xn--r8jz45g.example"]
    assert smtp.last()["To"] == "hanako@xn--r8jz45g.example"


def test_letters_before_the_at_go_where_the_server_takes_them_else_are_refused(
    box, agent, smtp
):
    message = received(box, sender=HANAKO, name="花子")
    assert message.identity.value == HANAKO
    box.reply(agent)
    ours = sent(message.conversation)
    if smtp.takes_utf8:
        assert ours.state == DeliveryState.SENT
        assert smtp.envelopes[0][1] == [IN_ASCII]
        assert f"\r\nTo: {IN_ASCII}\r\n".encode() in smtp.raws[0]
    else:
        assert (ours.state, ours.failure) == ("failed", FailureCode.RECIPIENT)
        assert IN_ASCII in delivery_of(ours).failure_detail
        assert not smtp.raws


@pytest.mark.parametrize("domain", ["例え..example", "-例.example", "例" * 70])
def test_a_domain_that_is_none_is_refused_before_anything_is_sent(
    box, agent, smtp, domain
):
    message = received(box, fields=f"Reply-To: <h@{domain}>\r\n")
    box.reply(agent)
    ours = sent(message.conversation)
    assert ours.state in {DeliveryState.FAILED, DeliveryState.SENT}
    if ours.state == DeliveryState.FAILED:
        assert ours.failure == FailureCode.RECIPIENT
        assert not smtp.raws


def test_a_mail_provider_is_never_given_letters_it_cannot_send(box, agent, esp):
    message = box.get(sender=HANAKO)
    box.reply(agent)
    ours = sent(message.conversation)
    assert (ours.state, ours.failure) == ("failed", FailureCode.RECIPIENT)
    assert not [one for one in esp.log if one[0].method == "POST"]
    other = box.get(sender="hanako@例え.example", name="")
    box.reply(agent)
    assert sent(other.conversation).state == DeliveryState.SENT
    assert esp.log[-1][0].json["To"] == "hanako@xn--r8jz45g.example"


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp"])
def test_no_encoded_word_is_longer_than_75_letters(box, agent, smtp, charset):
    name = "こがね洋品店カスタマーサポート窓口オンラインショップ担当お問い合わせ係"
    received(box, subject="とても長い件名" * 8)
    box.set(charset=charset, from_name=name)
    box.reply(agent, cc=[f"{name} <taro@example.jp>"])
    head = smtp.raws[0].partition(b"\r\n\r\n")[0].decode()
    words = re.findall(r"=\?[^?\s]+\?[bq]\?[^?\s]*\?=", head, re.IGNORECASE)
    assert len(words) > 6
    assert max(map(len, words)) <= 75
    assert max(map(len, head.split("\r\n"))) <= 78
    fields = read_fields(head.encode())
    assert addresses_of(fields.first("from"))[0].name == name
    assert addresses_of(fields.first("cc"))[0].name == name


def test_a_name_of_ascii_letters_and_signs_is_quoted(box, agent, smtp):
    received(box)
    box.set(from_name='Kogane, "Support" (JP)')
    box.reply(agent)
    (sender,) = smtp.last()["From"].addresses
    assert sender.display_name == 'Kogane, "Support" (JP)'


def test_a_domain_in_letters_and_in_ascii_is_one_persons(box):
    forms = [
        "hanako@例え.example",
        "Hanako@xn--r8jz45g.example",
        "hanako@例え。EXAMPLE",
    ]
    messages = [box.get(sender=one) for one in forms]
    assert {one.identity.value for one in messages} == {"hanako@例え.example"}
    assert len({one.conversation_id for one in messages}) == 1


def test_a_broken_domain_in_ascii_stays_as_it_is(box):
    broken = "hanako@xn--a-ecp.example"
    assert box.get(sender=broken).identity.value == broken
