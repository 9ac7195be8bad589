"""What a visitor states of themselves owns nothing: the real person is somebody else."""

import pytest

from conversations.choices import ThreadEvent
from conversations.models import Conversation, Message
from customers.choices import ClaimState
from customers.models import Claim, Customer, Identity
from customers.people.actions.claim import MOST_UNDECIDED
from customers.people.actions.decide_claim import refute_claim
from customers.people.actions.dispute import MOST_DISPUTED
from tests.conversations.adapters.email.mailbox import Box
from tests.conversations.providers import PROVIDERS, sms
from tests.conversations.webchat.chat import ChatVisitor

pytestmark = pytest.mark.django_db
VICTIM = "hanako@example.jp"
PHONE = "090-1234-5678"


@pytest.fixture
def box(account, queue, django_capture_on_commit_callbacks) -> Box:
    return Box(account, queue, django_capture_on_commit_callbacks)


@pytest.fixture
def text_inbox(account, queue):
    return PROVIDERS["sms"].connected(account, queue)


def visitor_stating(webchat, *, before=False, **stated) -> ChatVisitor:
    """A visitor who fills in the form, before or after the first message."""
    visitor = ChatVisitor(webchat)
    visitor.begin()
    if before:
        assert visitor.post("about/", stated).status_code == 200
        visitor.send("注文の件で質問です")
    else:
        visitor.send("注文の件で質問です")
        assert visitor.post("about/", stated).status_code == 200
    return visitor


def thread_of(webchat) -> Conversation:
    return Message.objects.filter(inbox=webchat, kind="text").get().conversation


@pytest.mark.parametrize("before", [True, False], ids=["pre-chat", "in the chat"])
def test_the_real_senders_mail_is_never_in_the_strangers_conversation(
    webchat, box, before
):
    visitor = visitor_stating(webchat, before=before, email=VICTIM)
    real = box.get(sender=VICTIM, text="私の注文はいつ届きますか")
    stranger = thread_of(webchat)
    assert real.conversation != stranger
    assert not stranger.customer.identities.filter(kind="email").exists()
    assert Identity.objects.get(value=VICTIM).customer == real.conversation.customer
    assert visitor.bodies() == ["注文の件で質問です"]


def test_the_real_senders_text_is_never_in_the_strangers_conversation(
    webchat, text_inbox, django_capture_on_commit_callbacks
):
    visitor_stating(webchat, phone=PHONE)
    with django_capture_on_commit_callbacks(execute=True):
        PROVIDERS["sms"].post(text_inbox, sms.write("本人です"))
    real = Message.objects.get(inbox=text_inbox, kind="text")
    assert real.conversation != thread_of(webchat)
    assert real.identity.customer == real.conversation.customer


def lines(conversation: Conversation) -> list[dict[str, object]]:
    rows = conversation.messages.filter(event=ThreadEvent.TO_CHECK)
    return [row.data["after"] for row in rows]


@pytest.mark.parametrize("first", ["claim", "mail"])
def test_both_threads_say_so_whichever_came_first(
    webchat, box, first, agent, client_of
):
    if first == "claim":
        visitor = visitor_stating(webchat, email=VICTIM)
        real = box.get(sender=VICTIM).conversation
    else:
        real = box.get(sender=VICTIM).conversation
        visitor = visitor_stating(webchat, email=VICTIM)
    stranger = thread_of(webchat)
    claim = Claim.objects.get()
    assert claim.state == ClaimState.OPEN
    [here], [there] = lines(stranger), lines(real)
    assert (here["conversation"], there["conversation"]) == (real.pk, stranger.pk)
    assert here["claim"] == there["claim"] == claim.pk
    for one, other in ((stranger, real), (real, stranger)):
        html = client_of(agent).get(f"/conversations/{one.pk}/").content.decode()
        assert f"/conversations/{other.pk}/" in html
        assert "要確認" in html
    box.get(sender=VICTIM, message_id="again@mail.example.jp", text="もう一度")
    assert len(lines(stranger)) == len(lines(real)) == 1
    assert len(visitor.history()) == 1


def test_several_may_state_one_address_and_nobody_is_joined(webchat, box):
    for _each in range(3):
        visitor_stating(webchat, email=VICTIM)
    assert Claim.objects.filter(value=VICTIM).count() == 3
    assert Customer.objects.count() == 3
    real = box.get(sender=VICTIM).conversation
    assert len(lines(real)) == 3
    assert Customer.objects.count() == 4


def test_what_is_no_address_is_no_claim_and_the_same_twice_is_one(webchat):
    visitor = visitor_stating(webchat, email=VICTIM)
    visitor.post("about/", {"email": VICTIM.upper(), "phone": PHONE})
    assert set(Claim.objects.values_list("kind", "value")) == {
        ("email", VICTIM),
        ("phone", "+819012345678"),
    }


def test_who_tries_addresses_out_is_not_taken_down_for_ever(webchat):
    visitor = visitor_stating(webchat)
    for number in range(MOST_UNDECIDED + 3):
        stated = {"email": f"guess{number}@example.jp"}
        assert visitor.post("about/", stated).status_code == 200
    assert Claim.objects.count() == MOST_UNDECIDED


@pytest.mark.parametrize("first", ["claims", "mail"])
def test_strangers_who_state_one_address_do_not_bury_its_owner(
    webchat, box, first, agent, client_of
):
    real = box.get(sender=VICTIM).conversation if first == "mail" else None
    for _each in range(MOST_DISPUTED + 3):
        visitor_stating(webchat, email=VICTIM)
    real = real or box.get(sender=VICTIM).conversation
    assert len(lines(real)) == MOST_DISPUTED
    page = client_of(agent).get(f"/customers/{real.customer_id}/panel/")
    assert page.content.decode().count("claim__dispute") == MOST_DISPUTED


def test_the_list_says_which_are_to_be_checked(webchat, box, agent, client_of):
    visitor_stating(webchat, email=VICTIM)
    http = client_of(agent)
    listed = http.get("/desk/inquiries/").content.decode()
    assert listed.count('id="inquiry-') == 1
    assert "要確認" not in listed
    box.get(sender=VICTIM)
    box.get(sender="other@example.jp", message_id="other@mail.example.jp")
    listed = http.get("/desk/inquiries/").content.decode()
    assert listed.count('id="inquiry-') == 3
    assert listed.count("要確認") == 2
    refute_claim(Claim.objects.get(), actor=agent.user)
    assert "要確認" not in http.get("/desk/inquiries/").content.decode()


@pytest.mark.parametrize(
    "copied",
    [
        "\u200bhana\u00adko@example.jp\ufeff",
        "<mailto:hanako@example.jp>",
        " Hanako@Example.JP. ",
        "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ。ｊｐ",
    ],
)
def test_what_comes_along_when_an_address_is_copied_is_none_of_it(webchat, box, copied):
    visitor_stating(webchat, email=copied)
    assert Claim.objects.get().value == VICTIM
    real = box.get(sender=VICTIM).conversation
    assert real != thread_of(webchat)
    assert len(lines(real)) == len(lines(thread_of(webchat))) == 1
