"""Icons are drawn once, in a file that pages refer to."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from agentdesk.web import icons
from agentdesk.web.icons import SPRITE, drawn, sprite_path

pytestmark = pytest.mark.django_db
_USED = re.compile(r'<use href="([^"#]+)#([^"]+)"')


@pytest.mark.parametrize("address", ["desk:home", "desk:calls"])
def test_a_page_refers_to_the_sprite_and_draws_nothing_itself(
    client_of, agent, address
):
    html = client_of(agent).get(reverse(address)).content.decode()
    used = _USED.findall(html)
    assert len(used) > 10
    assert {file for file, _name in used} == {f"/static/{SPRITE}"}
    drawings = sprite_path().read_text(encoding="utf-8")
    assert not [name for _file, name in used if f'<symbol id="{name}"' not in drawings]
    assert html.count("<svg") == len(used) + 1  # our mark


def test_an_icon_that_the_source_does_not_name_is_drawn_in_place():
    assert "<path" in drawn("accessibility", 14, "odd")
    assert 'class="odd"' in drawn("accessibility", 14, "odd")


def test_a_sprite_that_is_not_up_to_date_is_found(monkeypatch, tmp_path):
    call_command("icons", check=True)
    monkeypatch.setattr(icons, "sprite_path", lambda: tmp_path / "icons.svg")
    monkeypatch.setattr(
        "agentdesk.ops.management.commands.icons.sprite_path", icons.sprite_path
    )
    with pytest.raises(CommandError):
        call_command("icons", check=True)
    call_command("icons")
    call_command("icons", check=True)
