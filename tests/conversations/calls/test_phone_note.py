"""The note of a call in the thread: four lines with their names, and what was promised."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.calls.actions.call import start_call
from conversations.choices import MessageKind
from conversations.models import FollowUp, Message

pytestmark = pytest.mark.django_db(transaction=True)

LINES = {
    "request": "丈を直したい",
    "course": "先週お届け",
    "answer": "7日で承る",
    "next": "店舗に送る",
}


def finished(desk, agent, caller, **fields):
    call = start_call(agent, customer=caller)
    data = LINES | {"outcome": "resolved"} | fields
    assert desk.post(f"/calls/{call.pk}/finish/", data).status_code == 200
    call.refresh_from_db()
    return call


def thread_of(desk, call) -> str:
    return desk.get(f"/conversations/{call.conversation_id}/").content.decode()


def test_each_line_of_a_note_stands_in_the_thread_under_its_name(desk, agent, caller):
    call = finished(desk, agent, caller)
    html = thread_of(desk, call)
    for label, text in zip(
        ("用件", "経緯", "回答", "次対応"), LINES.values(), strict=True
    ):
        assert f"<dt>{label}</dt><dd>{text}</dd>" in html
    note = Message.objects.get(kind=MessageKind.PHONE_NOTE)
    assert note.data["lines"] == LINES
    assert note.body == "\n".join(LINES.values())  # what is searched, and exported


def test_a_list_shows_what_the_customer_wanted(desk, agent, caller):
    call = finished(desk, agent, caller)
    call.conversation.refresh_from_db()
    assert call.conversation.preview == LINES["request"]
    assert LINES["course"] not in desk.get("/desk/").content.decode()


def test_a_note_from_before_there_were_lines_still_shows(desk, agent, caller):
    call = finished(desk, agent, caller)
    Message.objects.filter(pk=call.message_id).update(data={}, body="昔の書き方")
    html = thread_of(desk, call)
    assert '<div class="phone-note__body">昔の書き方</div>' in html


def test_notes_begun_before_there_were_lines_tell_the_course(desk, agent, caller):
    call = start_call(agent, customer=caller)
    call.draft = "途中まで"
    call.save(update_fields=["draft"])
    found = desk.get(f"/calls/{call.pk}/draft/").json()
    assert found["lines"] == dict.fromkeys(LINES, "") | {"course": "途中まで"}


def test_a_card_number_in_any_line_never_reaches_the_database(desk, agent, caller):
    call = finished(desk, agent, caller, next="4242 4242 4242 4242")
    call.message.refresh_from_db()
    assert "4242 4242" not in str(call.message.data) + call.message.body
    assert "4242 4242" not in str(call.lines)


def promised(desk, agent, caller, **fields) -> FollowUp:
    due = timezone.localtime(timezone.now() + timedelta(hours=2))
    fields = {"outcome": "call_back", "follow_up_at": f"{due:%Y-%m-%dT%H:%M}"} | fields
    finished(desk, agent, caller, **fields)
    return FollowUp.objects.get()


def test_a_promise_is_a_card_below_its_note_until_it_is_done(desk, agent, caller):
    promise = promised(desk, agent, caller, follow_up="在庫の連絡")
    html = thread_of(desk, promise.call)
    card = html.split(f'id="promise-{promise.pk}"')[1]
    assert 'data-state="open"' in card
    assert "在庫の連絡" in card
    FollowUp.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    url = f"/calls/promises/{promise.pk}/"
    assert 'data-state="late"' in desk.get(url).content.decode()
    assert 'data-state="done"' in desk.post(f"{url}done/").content.decode()
    promise.refresh_from_db()
    assert promise.done_at
    assert "在庫の連絡" not in desk.get("/calls/").content.decode()
    assert 'data-state="late"' in desk.post(f"{url}reopen/").content.decode()


def test_what_was_promised_is_the_next_step_where_nothing_else_is_said(
    desk, agent, caller
):
    assert promised(desk, agent, caller).text == LINES["next"]


def test_a_promise_is_nothing_to_another_account(
    desk, agent, caller, client_of, stranger
):
    promise = promised(desk, agent, caller)
    url = f"/calls/promises/{promise.pk}/"
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(stranger).post(f"{url}done/").status_code == 404
    promise.refresh_from_db()
    assert promise.done_at is None


def test_promises_cost_a_thread_one_query_however_many(
    desk, agent, caller, warm_process
):
    conversation = promised(desk, agent, caller).conversation
    path = f"/conversations/{conversation.pk}/messages/"

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            assert desk.get(path).status_code == 200
        return [one["sql"] for one in found if "followup" in one["sql"]]

    assert len(queries()) == 1
    for _more in range(3):
        later = {"outcome": "call_back", "follow_up_at": "2027-01-01T10:00"}
        finished(desk, agent, caller, **later)
    assert FollowUp.objects.count() == 4
    assert len(queries()) == 1
