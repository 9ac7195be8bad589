"""How an account's files are read: what it writes where nothing is known."""

import pytest

from agentdesk.audit.models import AuditEntry
from customers.models import ImportSettings

IMPORTS = "/settings/kogane/imports/"


def test_the_words_of_an_account_are_saved_and_shown_again(admin, account, client_of):
    client = client_of(admin)
    data = {"fillers": "一見さん\r\n会員外扱い", "shared_limit": "8"}
    response = client.post(IMPORTS, data)
    assert response.status_code == 200
    chosen = ImportSettings.objects.get(account=account)
    assert (chosen.words, chosen.shared_limit) == (["一見さん", "会員外扱い"], 8)
    assert "一見さん" in client.get(IMPORTS).content.decode()
    entry = AuditEntry.objects.get(action="import_settings.changed")
    assert (entry.actor, entry.after["shared_limit"]) == (admin.user, 8)


@pytest.mark.parametrize("limit", ["", "0", "viele", "100000"])
def test_a_limit_that_makes_no_sense_is_refused_in_place(admin, client_of, limit):
    data = {"fillers": "", "shared_limit": limit}
    response = client_of(admin).post(IMPORTS, data)
    assert response.status_code == 422
    assert not ImportSettings.objects.exists()


def test_agents_may_not_change_how_files_are_read(agent, client_of):
    assert client_of(agent).get(IMPORTS).status_code == 403
