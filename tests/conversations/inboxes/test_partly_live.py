"""一部公開: the work of an inbox that chosen members try is theirs alone, everywhere."""

from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from agentdesk.accounts.access import access_of
from agentdesk.live.topics import allowed_topics
from conversations.inquiries.actions.inquiry import assign
from conversations.models import Attachment, Call, Conversation, Inquiry, Notification
from tests.factories.accounts import MembershipFactory
from tests.factories.customers import IdentityFactory

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "一部公開の問い合わせ"


@pytest.fixture
def colleague(account):
    """Of the same company, but not of those who try the inbox."""
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="一郎"
    )


@pytest.fixture
def tried(line, agent):
    line.inbox.state = "partial"
    line.inbox.save()
    line.inbox.partial_members.set([agent])
    return line


@pytest.fixture
def inquiry(tried, colleague) -> Inquiry:
    return tried.write(WORDS).inquiry


def everywhere(inquiry) -> dict[str, str]:
    """Each page that could show it, and what there would give it away."""
    conversation = inquiry.conversation
    own = f"/conversations/{conversation.pk}/"
    customer = conversation.customer_id
    return {
        "/desk/?view=all": WORDS,
        "/desk/?view=unassigned": WORDS,
        f"/desk/palette/?q={inquiry.reference}": own,
        f"/calls/find/?q={inquiry.reference}": f'data-customer="{customer}"',
        f"/conversations/of-customer/{customer}/history/": inquiry.reference,
    }


def doors(inquiry) -> list[str]:
    conversation = inquiry.conversation
    own = f"/conversations/{conversation.pk}/"
    return [
        own,
        f"{own}workspace/",
        f"{own}messages/",
        f"{own}compose/via/",
        f"/inquiries/{inquiry.pk}/timeline/",
        f"/inquiries/{inquiry.pk}/close/",
        f"/references/{inquiry.account_id}/{inquiry.reference}/",
    ]


def test_no_list_and_no_search_shows_it_to_others(
    inquiry, agent, supervisor, admin, colleague, client_of
):
    for page, words in everywhere(inquiry).items():
        for member in (agent, supervisor, admin):
            shown = client_of(member).get(page).content.decode()
            assert words in shown, (page, member.role)
        assert words not in client_of(colleague).get(page).content.decode(), page
    counts = client_of(colleague).get("/desk/").context["counts"]
    assert counts == {"mine": "0", "unassigned": "0"}


def test_no_address_opens_it_to_others(
    inquiry, agent, supervisor, colleague, client_of
):
    for door in doors(inquiry):
        assert client_of(colleague).get(door).status_code == 404, door
        for member in (agent, supervisor):
            assert client_of(member).get(door).status_code in {200, 302}, door
    taken = client_of(colleague).post(f"/inquiries/{inquiry.pk}/take/")
    assert taken.status_code == 404
    reply = {"kind": "reply", "body": "はい", "client_id": uuid4()}
    path = f"/conversations/{inquiry.conversation_id}/compose/"
    assert client_of(colleague).post(path, reply).status_code == 404


def test_its_files_are_the_teams(inquiry, agent, colleague, client_of):
    file = Attachment.objects.create(
        account=inquiry.account,
        conversation=inquiry.conversation,
        file=ContentFile(b"a", "a.txt"),
        name="a.txt",
        content_type="text/plain",
        size=1,
    )
    assert client_of(colleague).get(f"/files/{file.key}/").status_code == 404
    assert client_of(agent).get(f"/files/{file.key}/").status_code == 200


def test_others_neither_hear_of_it_nor_are_named_in_it(
    inquiry, agent, supervisor, colleague, client_of
):
    topic = f"conversation:{inquiry.conversation_id}"
    watching = {
        member.pk: allowed_topics(access_of(member.user), [topic])
        for member in (agent, supervisor, colleague)
    }
    assert watching == {agent.pk: {topic}, supervisor.pk: {topic}, colleague.pk: set()}
    own = f"/conversations/{inquiry.conversation_id}/"
    named = client_of(agent).get(f"{own}colleagues/").json()["members"]
    assert [one["name"] for one in named] == [supervisor.user.name]
    note = {"kind": "note", "body": "@鈴木一郎 見て", "client_id": uuid4()}
    assert client_of(agent).post(f"{own}compose/", note).status_code == 201
    assert not Notification.objects.filter(member=colleague).exists()


def test_others_are_not_named_in_it_once_it_is_closed_either(
    inquiry, agent, supervisor, colleague, client_of
):
    inquiry.status, inquiry.closed_at = "done", inquiry.opened_at
    inquiry.save()
    own = f"/conversations/{inquiry.conversation_id}/"
    assert client_of(colleague).get(own).status_code == 404
    named = client_of(agent).get(f"{own}colleagues/").json()["members"]
    assert [one["name"] for one in named] == [supervisor.user.name]


def test_who_is_given_it_sees_it(inquiry, agent, colleague, client_of):
    assign(inquiry, actor=agent.user, owner=colleague)
    own = f"/conversations/{inquiry.conversation_id}/"
    assert client_of(colleague).get(own).status_code == 200
    assert WORDS in client_of(colleague).get("/desk/?view=mine").content.decode()


def test_who_speaks_with_the_customer_sees_it_until_the_call_is_over(
    inquiry, agent, colleague, client_of
):
    assign(inquiry, actor=agent.user, owner=agent)
    customer = inquiry.conversation.customer
    IdentityFactory(customer=customer, value="+81312345678")
    http = client_of(colleague)
    begun = http.post("/calls/start/", {"customer": customer.pk})
    own = f"/conversations/{inquiry.conversation_id}/"
    assert begun.headers["Location"] == own
    assert http.get(own).status_code == 200
    Call.objects.update(state="finished")
    assert http.get(own).status_code == 404


def test_a_known_customer_is_everybodys_again_once_it_is_closed(
    tried, webchat, agent, colleague, client_of
):
    known = tried.write("前の件").conversation
    first = Inquiry.objects.get()
    first.partial_inbox = None
    first.status, first.closed_at = "done", first.opened_at
    first.account.reopen_hours = 0
    first.account.save()
    first.save()
    second = tried.write(WORDS).inquiry
    assert second != first
    own = f"/conversations/{known.pk}/"
    assert client_of(colleague).get(own).status_code == 404
    second.status, second.closed_at = "done", second.opened_at
    second.save()
    assert client_of(colleague).get(own).status_code == 200


def test_once_it_is_live_it_is_everybodys(inquiry, tried, colleague, client_of):
    tried.inbox.state = "live"
    tried.inbox.save()
    for door in doors(inquiry):
        assert client_of(colleague).get(door).status_code in {200, 302}, door
    assert Conversation.objects.visible_to(access_of(colleague.user)).exists()


def test_hours_alone_hide_nothing(line, colleague, client_of):
    line.inbox.state, line.inbox.partial_hours = "partial", {"0": ["10:00-12:00"]}
    line.inbox.save()
    line.write(WORDS)
    assert WORDS in client_of(colleague).get("/desk/?view=all").content.decode()
