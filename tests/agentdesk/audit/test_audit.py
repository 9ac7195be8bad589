"""The audit log: nobody changes it, and its readers see what they may."""

import ast
import csv
import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from agentdesk.audit import log
from agentdesk.audit.models import AuditEntry
from agentdesk.audit.names import FIELDS, NOUNS, VERBS
from conversations.calls.actions.call import start_call
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]


@pytest.fixture
def entry(account, agent):
    return log.record(
        "member.changed",
        agent,
        actor=agent.user,
        before={"role": "agent", "extension": ""},
        after={"role": "supervisor", "extension": "2001"},
    )


@pytest.mark.parametrize(
    "statement",
    ["update audit_auditentry set action = 'x'", "delete from audit_auditentry"],
)
def test_database_refuses_to_change_an_entry(entry, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.get() == entry


def test_database_refuses_to_empty_the_log(entry):
    """The test run itself switches this trigger off, to clean up after its tests."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table audit_auditentry enable trigger audit_no_truncate")
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
        ):
            cursor.execute("truncate audit_auditentry")
        cursor.execute("alter table audit_auditentry disable trigger audit_no_truncate")


def test_page_tells_who_did_what_from_where_and_how_it_was(
    client_of, entry, supervisor
):
    html = client_of(supervisor).get("/audit/").content.decode()
    assert "メンバー: 変更" in html
    assert entry.actor.name in html
    assert "<del>オペレーター</del>" in html
    assert "<ins>SV</ins>" in html or "スーパーバイザー" in html
    assert "2001" in html


def test_page_is_for_those_who_may_read_it(client_of, agent, client):
    assert client_of(agent).get("/audit/").status_code == 403
    assert client.get("/audit/").status_code == 302


def test_reader_sees_no_other_account(client_of, entry, stranger, supervisor):
    theirs = client_of(stranger).get("/audit/")
    assert list(theirs.context["page"].rows) == []
    MembershipFactory(user=supervisor.user, account=stranger.account)
    rows = client_of(supervisor).get("/audit/").context["page"].rows
    assert rows == [entry]


def test_sign_ins_of_members_are_seen_and_those_of_others_are_not(
    client, client_of, agent, stranger, admin
):
    for member in (agent, stranger):
        data = {"login": member.user.email, "password": "not-it-at-all"}
        client.post("/accounts/login/", data)
    rows = client_of(admin).get("/audit/").context["page"].rows
    assert [(row.action, row.target_id) for row in rows] == [
        ("user.sign_in_failed", agent.user.pk)
    ]


def test_filters_narrow_by_who_what_target_and_day(
    client_of, account, agent, supervisor, admin
):
    with time_machine.travel(datetime(2026, 11, 20, 16, tzinfo=UTC), tick=False):
        log.record("rank.added", account, actor=agent.user, account_id=account.pk)
    with time_machine.travel(datetime(2026, 11, 22, 3, tzinfo=UTC), tick=False):
        log.record("member.changed", agent, actor=supervisor.user)
    reader = client_of(admin)

    def found(**query: object) -> list[str]:
        rows = reader.get("/audit/", query).context["page"].rows
        return [row.action for row in rows]

    assert found() == ["member.changed", "rank.added"]
    assert found(who=agent.user.pk) == ["rank.added"]
    assert found(what="member") == ["member.changed"]
    assert found(target=agent.user.given_name) == ["member.changed"]
    assert found(since="2026-11-22") == ["member.changed"]
    assert found(until="2026-11-21") == ["rank.added"]
    assert found(until="2026-11-20") == []
    assert found(since="nonsense", who="-1") == ["member.changed", "rank.added"]


def test_pages_follow_each_other_without_gap_or_repeat(client_of, account, admin):
    for number in range(120):
        log.record(f"rank.{number}", account, actor=None, account_id=account.pk)
    reader, seen, query = client_of(admin), [], ""
    while True:
        context = reader.get(f"/audit/?{query}").context
        seen += [row.action for row in context["page"].rows]
        if not context["page"].next_cursor:
            break
        query = context["older"]
    assert seen == [f"rank.{number}" for number in reversed(range(120))]
    assert reader.get("/audit/?cursor=forged").status_code == 404


def test_page_costs_the_same_for_many_entries(
    client_of, account, admin, django_assert_max_num_queries
):
    for number in range(50):
        log.record(f"rank.{number}", account, actor=admin.user, account_id=account.pk)
    reader = client_of(admin)
    with django_assert_max_num_queries(8):  # one of them: inboxes in trouble
        reader.get("/audit/")


def exported(response) -> list[list[str]]:
    text = b"".join(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_export_is_a_csv_without_formulas_and_an_entry_itself(
    client_of, account, admin, entry
):
    account_name = "=cmd|' /C calc'!A0"
    log.record("rank.added", account, actor=None, after={"name": account_name})
    AuditEntry.objects.create(
        account=account, action="rank.added", target_type="x", target_label="=1+1"
    )
    response = client_of(admin).post("/audit/export/", {"what": ""})
    rows = exported(response)
    assert rows[0][0] == "日時"
    assert rows[1][3] == "監査ログ: 書き出し"
    assert rows[2][4] == "'=1+1"
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row
    )
    assert AuditEntry.objects.filter(action="audit.exported", actor=admin.user).exists()


def test_export_is_for_those_who_may(client_of, supervisor, entry):
    assert client_of(supervisor).post("/audit/export/").status_code == 403
    assert client_of(supervisor).get("/audit/export/").status_code == 405


@cache
def _calls() -> list[ast.Call]:
    """Of the whole product, read once for both tests."""
    return [
        node
        for app in ("agentdesk", "conversations", "customers")
        for path in (ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _is_record(node)
    ]


def test_every_action_in_the_code_has_words():
    """Also those that are put together: f"{kind}.retired" is checked by its verb."""
    wanting = set()
    for call in _calls():
        wanting.update(_unnamed(call))
    assert wanting == set()


def test_every_field_in_the_code_has_words():
    wanting = set()
    for call in _calls():
        wanting.update(_fields(call))
    assert len(wanting) > 10
    assert wanting - set(FIELDS) == set()


def _fields(call: ast.AST):
    """What is written as before={"kind": …}, or as after={…}, of an entry."""
    for keyword in call.keywords if _is_record(call) else ():
        if keyword.arg in {"before", "after"} and isinstance(keyword.value, ast.Dict):
            for key in keyword.value.keys:
                if isinstance(key, ast.Constant):
                    yield key.value


def _is_record(call: ast.AST) -> bool:
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "record"
        and getattr(call.func.value, "id", "") == "log"
    )


def _unnamed(call: ast.AST):
    if _is_record(call) and call.args and isinstance(call.args[0], ast.Constant):
        noun, _dot, verb = call.args[0].value.partition(".")
        if noun not in NOUNS or verb not in VERBS:
            yield call.args[0].value


def test_calls_and_moments_are_written_as_people_read_them(
    client_of, agent, supervisor, queue
):
    call = start_call(agent, number="0312345678")
    due = "2026-11-26T01:00:00.987717+00:00"
    log.record("follow_up.added", call, actor=agent.user, after={"due": due})
    html = client_of(supervisor).get("/audit/").content.decode()
    assert f"<td>通話 {call.pk}</td>" in html
    assert "<ins>2026/11/26 10:00</ins>" in html
