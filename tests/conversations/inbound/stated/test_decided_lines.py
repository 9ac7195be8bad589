"""What the two threads show before and after it was decided who they are."""

import pytest
from django.urls import reverse

from conversations.choices import ThreadEvent
from conversations.models import Message
from customers.models import Claim
from tests.conversations.inbound.stated.words import STATED, thread_of

pytestmark = pytest.mark.django_db
WARNS = 'data-tone="warning"'


def decide(http, verb: str, claim: Claim):
    return http.post(reverse(f"desk:claim-{verb}", args=[claim.pk]))


def line_of(http, message: Message) -> str:
    path = reverse("desk:message", args=[message.conversation_id, message.pk])
    return http.get(path).content.decode()


def test_a_line_warns_until_somebody_has_decided(box, claim, http):
    real = box.get(sender=STATED).conversation
    for thread in (real, thread_of(claim)):
        line = thread.messages.get(event=ThreadEvent.TO_CHECK)
        assert WARNS in line_of(http, line)
    decide(http, "part", claim)
    for thread in (real, thread_of(claim)):
        line = thread.messages.get(event=ThreadEvent.TO_CHECK)
        assert WARNS not in line_of(http, line)


def test_the_thread_left_behind_leads_to_the_one_that_goes_on(box, claim, http):
    real = box.get(sender=STATED).conversation
    own = thread_of(claim)
    states = {
        thread: reverse("desk:composer-state", args=[thread.pk])
        for thread in (real, own)
    }
    decide(http, "join", claim)
    onward = reverse("desk:conversation", args=[real.pk])
    assert onward in http.get(states[own]).content.decode()
    assert "もう一方の会話" not in http.get(states[real]).content.decode()
    joining = own.messages.get(event=ThreadEvent.SAME_PERSON).data["after"]["joining"]
    http.post(reverse("desk:undo-join", args=[own.pk, joining]))
    assert onward not in http.get(states[own]).content.decode()


def test_a_number_is_written_as_people_write_it(visitor, http, account, queue):
    """In the line that a member's word has left, too."""
    visitor.post("about/", {"phone": "090-1234-5678"})
    claim = Claim.objects.get(kind="phone")
    http.post(reverse("customers:confirm-claim", args=[claim.pk]))
    path = reverse("desk:messages", args=[thread_of(claim).pk])
    html = http.get(path).content.decode()
    assert "090-1234-5678" in html
    assert "+819012345678" not in html


def test_the_audit_page_says_in_words_that_two_were_joined(
    box, claim, http, supervisor, client_of
):
    box.get(sender=STATED)
    decide(http, "join", claim)
    html = client_of(supervisor).get("/audit/").content.decode()
    assert "顧客: ほかの顧客と統合" in html
    assert "<del>Web訪問者</del>" not in html
    assert "kind" not in html.partition("<main")[2].partition("</main>")[0]
