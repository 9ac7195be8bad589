from datetime import date, time, timedelta

import pytest
import time_machine

from agentdesk.accounts.models import ClosedDay, OpeningHours
from agentdesk.audit.models import AuditEntry

URL = "/settings/kogane/hours/"
MORNING_AND_AFTERNOON = {
    "opens-0": ["09:00", "13:00"],
    "closes-0": ["12:00", "18:00"],
    "opens-5": ["22:00"],
    "closes-5": ["00:00"],
}


def test_a_week_with_several_intervals_is_kept(admin, account, client_of):
    client = client_of(admin)
    data = MORNING_AND_AFTERNOON | {"closed_on_holidays": "on"}
    assert client.post(URL, data).status_code == 200
    rows = OpeningHours.objects.filter(account=account)
    assert [(row.weekday, row.opens, row.closes) for row in rows] == [
        (0, time(9), time(12)),
        (0, time(13), time(18)),
        (5, time(22), time(0)),
    ]
    account.refresh_from_db()
    assert account.closed_on_holidays
    entry = AuditEntry.objects.get(action="hours.changed")
    assert entry.before == {"hours": {}}
    assert entry.after["hours"]["0"] == ["09:00-12:00", "13:00-18:00"]
    assert 'value="13:00"' in client.get(URL).content.decode()


def test_the_same_week_twice_is_one_change(admin, client_of):
    client = client_of(admin)
    for _time in range(2):
        client.post(URL, MORNING_AND_AFTERNOON)
    assert AuditEntry.objects.filter(action="hours.changed").count() == 1
    assert OpeningHours.objects.count() == 3


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"),
    [
        (["09:00", "11:00"], ["12:00", "18:00"], "09:00–12:00と11:00–18:00"),
        (["20:00", "23:00"], ["00:00", "23:30"], "重なって"),
        (["18:00"], ["09:00"], "18:00–09:00"),
        (["09:00"], ["09:00"], "09:00–09:00"),
        (["09:00"], [""], "開始時刻と終了時刻"),
        (["9時"], ["<b>"], "開始時刻と終了時刻"),
        ([f"{hour:02}:00" for hour in range(8)], ["x"] * 8, "6"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_a_sentence(
    opens, closes, sentence, admin, client_of
):
    data = {"opens-2": opens, "closes-2": closes}
    response = client_of(admin).post(URL, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert f'value="{opens[0]}"' in page
    assert not OpeningHours.objects.exists()


def test_no_hours_at_all_means_always_open_and_says_so(admin, client_of):
    client = client_of(admin)
    client.post(URL, MORNING_AND_AFTERNOON)
    page = client.post(URL, {}).content.decode()
    assert "常に営業中" in page
    assert not OpeningHours.objects.exists()


@time_machine.travel("2026-12-20T03:00:00+09:00")
def test_the_coming_national_holidays_are_listed(admin, client_of):
    page = client_of(admin).get(URL).content.decode()
    assert "元日" in page
    assert "2027年1月1日" in page


def test_a_closed_day_is_added_once_and_removed(admin, account, client_of):
    client = client_of(admin)
    day = date.today() + timedelta(days=30)  # noqa: DTZ011  # far from any midnight
    data = {"closed-day": day.isoformat(), "closed-name": "棚卸し"}
    for _time in range(2):
        response = client.post(f"{URL}closed/", data)
        assert response.status_code == 200
        assert "棚卸し" in response.content.decode()
    closed = ClosedDay.objects.get(account=account)
    for _time in range(2):
        assert client.post(f"{URL}closed/{closed.pk}/remove/").status_code == 200
    assert not ClosedDay.objects.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["closed_day.added", "closed_day.removed"]
    assert client.post(f"{URL}closed/{closed.pk + 1}/remove/").status_code == 404


@pytest.mark.parametrize("day", ["", "2020-01-01", "9999-12-31", "昨日", "2026-02-30"])
def test_a_closed_day_that_cannot_be_is_refused(day, admin, client_of):
    response = client_of(admin).post(f"{URL}closed/", {"closed-day": day})
    assert response.status_code == 422
    assert not ClosedDay.objects.exists()


def test_hours_are_walled_off(agent, stranger, account, client_of):
    closed = ClosedDay.objects.create(account=account, day=date(2030, 1, 1))
    for member, status in ((agent, 403), (stranger, 404)):
        client = client_of(member)
        assert client.get(URL).status_code == status
        assert client.post(URL, MORNING_AND_AFTERNOON).status_code == status
        assert client.post(f"{URL}closed/", {}).status_code == status
        assert client.post(f"{URL}closed/{closed.pk}/remove/").status_code == status
    theirs = f"/settings/hinata/hours/closed/{closed.pk}/remove/"
    assert client_of(stranger).post(theirs).status_code == 404
    assert ClosedDay.objects.filter(pk=closed.pk).exists()
