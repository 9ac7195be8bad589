"""Mail through a group of the shop's own: its customers are themselves, and wait.

Seen in other desks: Google Groups and Mailman put the group into From where the author's
domain has a DMARC policy (chatwoot 2715, 8735).
"""

import pytest

from conversations.choices import EventState
from conversations.models import Message, ProviderEvent
from customers.models import Customer
from tests.conversations.adapters.email.caller import SECRET
from tests.conversations.adapters.email.mailbox import sent
from tests.conversations.providers.email import ADDRESS, posted, raw_mail

pytestmark = pytest.mark.django_db

GROUP = (
    "Precedence: list\r\nList-ID: <support.kogane.example>\r\n"
    f"Mailing-list: list {ADDRESS}; contact support+owners@kogane.example\r\n"
    f"List-Post: <mailto:{ADDRESS}>\r\n"
)


def rewritten(
    address="hanako@docomo.ne.jp", name="花子", *, fields="", **more
) -> bytes:
    return raw_mail(
        sender=ADDRESS,
        name=f"\"'{name}' via サポート\"",
        fields=f"{GROUP}X-Original-Sender: {address}\r\n"
        f"X-Original-From: {name} <{address}>\r\nReply-To: {name} <{address}>\r\n{fields}",
        **more,
    )


def test_each_author_behind_a_group_is_a_customer_of_their_own(box, agent, esp):
    first = box.get(rewritten(text="一人目"))
    second = box.get(rewritten("jiro@yahoo.com", "次郎", text="二人目"))
    assert [one.body for one in (first, second)] == ["一人目", "二人目"]
    assert first.conversation_id != second.conversation_id
    assert first.identity.value == "hanako@docomo.ne.jp"
    assert second.data["email"]["from"] == [["次郎", "jiro@yahoo.com"]]
    assert {one.inquiry.waiting_since is not None for one in (first, second)} == {True}
    box.reply(agent)
    assert sent(second.conversation).data["email"]["to"][0][1] == "jiro@yahoo.com"


def test_only_its_name_says_that_a_list_has_rewritten_it(box):
    raw = raw_mail(
        sender=ADDRESS,
        name='"Hanako via Support"',
        fields=f"{GROUP}Reply-To: Hanako <hanako@docomo.ne.jp>\r\n",
    )
    assert box.get(raw).identity.value == "hanako@docomo.ne.jp"


def test_an_answer_through_the_group_is_waited_for_like_any_other(box, agent, esp):
    first = box.get(fields=GROUP)
    box.reply(agent)
    again = box.get(text="まだ届きません", fields=f"{GROUP}Reply-To: {ADDRESS}\r\n")
    assert again.conversation_id == first.conversation_id
    assert again.inquiry.waiting_since is not None
    box.reply(agent, "お調べします。")
    assert sent(again.conversation).data["email"]["to"] == [["", "hanako@example.jp"]]


def test_an_answer_never_goes_to_ourselves(box, agent, esp):
    """Forms write their customer into From and the shop into Reply-To."""
    mail = box.get(fields=f"Reply-To: Shop <{ADDRESS}>\r\n")
    box.reply(agent)
    assert sent(mail.conversation).data["email"]["to"] == [["", "hanako@example.jp"]]


def test_a_member_under_the_groups_address_is_no_customer(box):
    fields = f"{GROUP}X-Original-Sender: taro@kogane.example\r\n"
    box.get(raw_mail(sender=ADDRESS, name="Support", to="x@example.jp", fields=fields))
    assert not Customer.objects.filter(identities__value="taro@kogane.example").exists()


def test_a_forged_group_speaks_for_nobody(box, caller):
    box.set(kind="sendgrid")
    envelope = f'{{"to": ["{ADDRESS}"]}}'.encode()
    fields = {"email": rewritten(), "envelope": envelope, "SPF": b"fail"}
    assert caller.form(fields, query=f"?secret={SECRET}") == 200
    assert ProviderEvent.objects.get().state == EventState.IGNORED
    assert not Message.objects.exists()


def test_a_strangers_list_stays_a_list(box):
    fields = "List-Id: <talk.lists.example.org>\r\nList-Post: <mailto:talk@lists.example.org>\r\n"
    mail = box.get(fields=f"{fields}X-Original-From: Jiro <jiro@example.jp>\r\n")
    assert mail.identity.value == "hanako@example.jp"
    assert Message.objects.get(pk=mail.pk).data["email"]["is_list"]


def test_the_same_mail_by_a_webhook_and_its_copy_is_one(box):
    raw = rewritten(message_id="one@docomo.ne.jp")
    box.post(posted(raw))
    box.post(posted(raw))
    assert Message.objects.filter(kind="text").count() == 1
