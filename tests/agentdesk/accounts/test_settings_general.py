import pytest

from agentdesk.audit.models import AuditEntry

URL = "/settings/kogane/general/"


def typed(**changes):
    return {
        "name": "こがね洋品店",
        "colour": "indigo",
        "locale": "ja",
        "time_zone": "Asia/Tokyo",
        "phone_region": "JP",
        "phone_number": "03-5550-1000",
        "reopen_hours": "72",
    } | changes


def test_the_page_shows_what_is_set_in_national_spelling(admin, client_of):
    response = client_of(admin).get(URL)
    assert response.status_code == 200
    assert 'value="03-5550-1000"' in response.content.decode()


def test_a_change_is_kept_and_told_in_the_audit_log(admin, account, client_of):
    changes = typed(reopen_hours="24", phone_number="０６－６１１１－２２２２")
    response = client_of(admin).post(URL, changes)
    assert response.status_code == 200
    account.refresh_from_db()
    assert (account.reopen_hours, account.phone_number) == (24, "+81661112222")
    entry = AuditEntry.objects.get(action="account.changed")
    assert entry.actor == admin.user
    assert entry.before == {"phone_number": "+81355501000", "reopen_hours": 72}
    assert entry.after == {"phone_number": "+81661112222", "reopen_hours": 24}


def test_a_new_name_or_colour_renews_the_whole_page(admin, account, client_of):
    response = client_of(admin).post(URL, typed(colour="teal"))
    assert response.headers["HX-Refresh"] == "true"
    account.refresh_from_db()
    assert account.colour == "teal"


def test_the_same_change_twice_is_one_change(admin, client_of):
    client = client_of(admin)
    client.post(URL, typed(reopen_hours="24"))
    client.post(URL, typed(reopen_hours="24"))
    assert AuditEntry.objects.filter(action="account.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("name", "\x00\u202e"),
        ("colour", "mauve"),
        ("locale", "tlh"),
        ("time_zone", "Asia/Atlantis"),
        ("time_zone", "../../etc/passwd"),
        ("phone_region", "ZZ"),
        ("phone_number", "12"),
        ("phone_number", "<script>alert(1)</script>"),
        ("phone_number", "09" * 90),
        ("reopen_hours", "-1"),
        ("reopen_hours", "9" * 30),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    field, value, admin, account, client_of
):
    response = client_of(admin).post(URL, typed(**{field: value}))
    assert response.status_code == 422
    page = response.content.decode()
    assert page.strip().startswith('<form class="form" id="general-form"')
    assert f'id="id_{field}_error"' in page or "errorlist" in page
    assert not AuditEntry.objects.exists()


def test_only_those_who_manage_settings_come_in(
    agent, supervisor, stranger, client, client_of
):
    for member, status in ((agent, 403), (supervisor, 403), (stranger, 404)):
        assert client_of(member).get(URL).status_code == status
        assert client_of(member).post(URL, typed()).status_code == status
    assert client.get(URL).status_code == 302
    assert client.post(URL, typed()).status_code == 401
    assert not AuditEntry.objects.filter(action="account.changed").exists()


def test_settings_lead_to_the_first_page_one_may_open(admin, agent, client_of):
    assert client_of(admin).get("/settings/").headers["Location"] == URL
    assert client_of(admin).get("/settings/kogane/").headers["Location"] == URL
    assert client_of(agent).get("/settings/").status_code == 403
    assert client_of(agent).get("/settings/kogane/").status_code == 403
    assert client_of(admin).get("/settings/nobody/").status_code == 404
