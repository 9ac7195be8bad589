"""Help where one is: the words of the screen, and the first day, done by doing it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agentdesk.accounts.roles import Role
from conversations.inquiries.actions.inquiry import assign
from conversations.models import Template
from tests.factories.accounts import MembershipFactory
from tests.receiving import receive_message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("path", "word", "foreign"),
    [
        ("/desk/", "受付番号", "監査ログ"),
        ("/conversations/1/", "受付番号", "監査ログ"),
        ("/calls/", "後処理", "監査ログ"),
        ("/customers/", "統合", "後処理"),
        ("/settings/kogane/general/", "隔離", "後処理"),
        ("/audit/", "監査ログ", "後処理"),
        ("/nowhere/", "会話", "後処理"),
    ],
)
def test_each_screen_has_its_own_words(agent, client_of, path, word, foreign):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://desk.test{path}"}
    html = client_of(agent).get("/desk/help/", headers=headers).content.decode()
    assert f"<dt>{word}</dt>" in html
    assert f"<dt>{foreign}</dt>" not in html


def first_day(client) -> str:
    return str(client.get("/desk/first-day/").content.decode())


def test_a_step_is_done_by_doing_it(agent, client_of, caller, webchat):
    desk = client_of(agent)
    assert "data-done" not in first_day(desk)
    inquiry = receive_message(
        caller, inbox=webchat, channel="webchat", body="?"
    ).message.inquiry
    assign(inquiry, actor=agent.user, owner=agent)
    html = first_day(desk)
    assert html.count("data-done") == 1
    assert "問い合わせを担当する" in html


@pytest.mark.parametrize(
    ("role", "step"),
    [
        (Role.AGENT, "電話を1件終える"),
        (Role.SUPERVISOR, "問い合わせの担当者を決める"),
        (Role.ADMIN, "窓口をお客様に公開する"),
    ],
)
def test_each_role_begins_with_what_is_its_own(account, client_of, role, step):
    member = MembershipFactory(account=account, role=role)
    assert step in first_day(client_of(member))


def test_it_costs_one_query_whatever_there_is(admin, client_of, account, warm_process):
    desk = client_of(admin)
    first_day(desk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            first_day(desk)
        return len(found)

    before = queries()
    for turn in range(3):
        Template.objects.create(account=account, name=f"文{turn}", body="本文")
        MembershipFactory(account=account)
    assert queries() == before


def test_it_is_put_away_and_comes_back_from_the_help(agent, client_of):
    desk = client_of(agent)
    assert 'hx-get="/desk/first-day/"' in place_of(desk)
    for value in ("on", "off"):
        answer = desk.post("/me/preferences/", {"hides_first_day": value})
        assert answer.status_code == 204
        assert ("first-day-slot" in desk.get("/desk/").content.decode()) == (
            value == "off"
        )


def place_of(desk) -> str:
    html = desk.get("/desk/").content.decode()
    return str(html.split("first-day-slot")[1][:120])


def test_an_empty_desk_leads_on(agent, client_of, account):
    desk = client_of(agent)
    for address, action in (
        ("/desk/?view=mine&status=", 'hx-post="/desk/waiting/"'),
        ("/desk/?view=unassigned&status=", "?view=all"),
        ("/desk/?view=all&status=", 'for="call-query"'),
        ("/customers/?q=nobody", 'href="/customers/new/"'),
    ):
        html = desk.get(address).content.decode()
        assert action in html.split('class="empty', 1)[1].split("</div>")[0], address
