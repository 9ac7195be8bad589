"""What is chosen at the end of a call is kept until it becomes the note."""

import pytest

from conversations.calls.actions.call import start_call
from conversations.models import Call, Message
from tests.factories.accounts import MembershipFactory
from tests.factories.conversations import ContactReasonFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(agent, queue, client_of):
    return client_of(agent)


def test_what_is_chosen_in_the_wrap_up_survives_a_reload(
    desk, agent, caller, account, client_of
):
    reason = ContactReasonFactory(account=account)
    call = start_call(agent, customer=caller)
    begun = {
        "outcome": "call_back",
        "reason": str(reason.pk),
        "close_inquiry": "1",
        "follow_up": "在庫の連絡",
        "follow_up_at": "2030-06-03T10:00",
    }
    path = f"/calls/{call.pk}/wrap-up/"
    assert desk.post(path, begun).status_code == 204
    html = desk.get("/calls/").content.decode()
    fields = html.split('id="call-wrap-up"')[1].split("</fieldset>")[0]
    for words in ("在庫の連絡", "2030-06-03T10:00", f'value="{reason.pk}" selected'):
        assert words in fields
    assert fields.count("checked") == 2
    other = MembershipFactory(account=account)
    assert client_of(other).post(path, begun).status_code == 409
    data = begun | {"request": "丈の相談", "follow_up_at": "2027-01-05T10:00"}
    assert desk.post(f"/calls/{call.pk}/finish/", data).status_code == 200
    call.refresh_from_db()
    assert call.wrap_up == {}
    assert desk.post(path, begun).status_code == 409


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "nothing"},
        {"reason": "x"},
        {"follow_up": "あ" * 301},
        {"follow_up_at": "tomorrow"},
    ],
)
def test_a_wrap_up_that_no_form_holds_is_not_kept(desk, agent, caller, data):
    call = start_call(agent, customer=caller)
    assert desk.post(f"/calls/{call.pk}/wrap-up/", data).status_code == 422


def test_a_customer_found_by_name_is_opened_without_a_call(
    desk, caller, conversation, stranger, client_of
):
    html = desk.get("/calls/find/", {"q": "山田"}).content.decode()
    path = f"/calls/open/{caller.pk}/"
    assert f'data-open="{path}"' in html
    assert (
        f'data-open="{path}"'
        not in desk.get("/calls/find/", {"q": "0312"}).content.decode()
    )
    assert desk.get(path).url == f"/customers/{caller.pk}/"
    known = conversation.customer.pk
    assert desk.get(f"/calls/open/{known}/").url.startswith("/conversations/")
    assert client_of(stranger).get(path).status_code == 404
    assert not Call.objects.exists()


def test_a_page_from_before_the_four_lines_loses_nothing(desk, agent, caller):
    call = start_call(agent, customer=caller)
    path = f"/calls/{call.pk}/draft/"
    assert desk.post(path, {"text": "丈の相談", "version": 0}).status_code == 200
    call.refresh_from_db()
    assert call.notes.course == "丈の相談"
    data = {"outcome": "resolved", "notes": "丈の相談。店頭で確認"}
    answer = desk.post(f"/calls/{call.pk}/finish/", data)
    assert answer.status_code == 200, answer.content.decode()
    note = Message.objects.get(kind="phone_note")
    assert "丈の相談。店頭で確認" in note.body
