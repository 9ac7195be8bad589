import re

import pytest
from django.test import Client

from agentdesk.accounts.models import Colour
from agentdesk.web.templatetags.components import COLOURS, initials, name_colour
from agentdesk.web.views.styleguide import PAGES, SampleForm


def test_a_real_installation_has_no_style_guide(client: Client):
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.urls("tests.guide_urls")
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_guide_keeps_to_the_strict_policy(
    client: Client, page: str, language: str
):
    response = client.get(f"/styleguide/{page}/?lang={language}")
    html = response.text
    assert response.status_code == 200
    assert f'<html lang="{language}"' in html
    assert not re.search(r'\sstyle="|\son[a-z]+="|<style', html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.urls("tests.guide_urls")
def test_shell_speaks_the_language_of_the_reader(client: Client):
    assert "本文へ移動" in client.get("/styleguide/desk/").text
    assert "Skip to content" in client.get("/styleguide/desk/?lang=en").text


@pytest.mark.urls("tests.guide_urls")
@pytest.mark.parametrize("address", ["/styleguide/nothing/", "/no-such-page/"])
def test_a_missing_page_is_said_in_our_design(client: Client, address: str):
    response = client.get(address)
    assert response.status_code == 404
    assert "このページは存在しません" in response.text


def test_a_wrong_field_points_to_its_error_and_its_help():
    html = str(SampleForm({"name": "x" * 40}))
    field = re.search(r'<input[^>]*name="name"[^>]*>', html)
    assert field
    assert 'class="input ' in field[0]
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described
    for target in described[1].split():
        assert f'id="{target}"' in html


def test_every_colour_of_an_account_is_drawn():
    assert set(COLOURS) == set(Colour.values)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("山田 花子", "山"), ("Ken Smith", "KS"), ("", "?"), ("キム", "キ"), ("a", "A")],
)
def test_an_avatar_shows_the_family_name_or_both_initials(name: str, shown: str):
    assert initials(name) == shown
    assert name_colour(name) == name_colour(name)
