"""What a signed-in member is shown is kept by no browser and no proxy."""

import pytest

from tests.rows import one_of_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(account, agent, webchat):
    return one_of_everything(account, agent, webchat)


def caching_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.headers["Cache-Control"]


def test_no_page_fragment_or_file_of_a_member_is_kept(rows, admin, client_of):
    client = client_of(admin)
    for address in (
        "/desk/",
        "/desk/inquiries/",
        f"/conversations/{rows['conversations'].pk}/",
        f"/customers/{rows['customers'].pk}/panel/",
        f"/files/{rows['file'].key}/",
        "/me/",
        "/audit/",
        "/settings/kogane/people/",
        "/settings/kogane/templates/export/",
    ):
        assert caching_of(client, address) == "private, no-store", address


def test_what_says_how_long_it_is_kept_is_kept_for_a_member_too(
    rows, webchat, agent, client_of
):
    assert (
        caching_of(client_of(agent), f"/chat/{webchat.key}.js") == "public, max-age=300"
    )
