"""Ctrl K: every action of the page with its key, found in kanji, kana and Latin letters."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Inquiry
from tests.browser.conftest import ROOT, arrive
from tests.browser.sockets import connected

READINGS = ROOT / "agentdesk/static/agentdesk/js/matching/readings.js"
OPTIONS = "#palette [role=option]"
KANJI = re.compile(r"[\u4e00-\u9fff々]")


@pytest.fixture
def page(signed_in, agent, conversation, webchat) -> Page:
    arrive(conversation, webchat, "サイズを交換したいです")
    return connected(signed_in(agent), f"/conversations/{conversation.pk}/")


def opened(page: Page) -> list[list[str]]:
    """Each entry: its words, and its keys."""
    page.keyboard.press("Control+k")
    expect(page.locator(OPTIONS).nth(1)).to_be_visible()
    return page.locator(OPTIONS).evaluate_all(
        """all => all.map(one => [one.querySelector(".menu__text").textContent,
            [...one.querySelectorAll(".kbd")].map(key => key.textContent).join(" ")])"""
    )


def test_every_key_of_the_page_is_there_with_its_action(page):
    keys = page.evaluate(
        """() => [...document.querySelectorAll("[data-shortcut]")]
            .filter(one => one.checkVisibility() && !one.disabled)
            .map(one => one.dataset.shortcut.toUpperCase())"""
    )
    found = opened(page)
    assert set(keys) <= {key for _words, key in found}
    assert {"A", "T", "S", "Z", "E", "R", "M", "N", "J", "K", "H"} <= set(keys)


def test_so_are_the_entries_of_its_menus(page):
    found = dict(opened(page))
    assert found["送信して完了"] == "Ctrl Shift Enter"
    assert found["送信して次へ"] == "Alt Enter"
    assert any("設定" in words for words in found)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("担当", "担当"),
        ("たんとう", "担当"),
        ("tantou", "担当"),
        ("sunuzu", "スヌーズ"),
        ("ｽﾇｰｽﾞ", "スヌーズ"),
        ("しゃないm", "社内メモ"),
        ("kanryo", "完了"),
    ],
)
def test_an_action_is_found_however_it_is_typed(page, typed, found):
    opened(page)
    page.locator(".palette__input").fill(typed)
    expect(page.locator(OPTIONS).first).to_contain_text(found)


def test_enter_does_it(page):
    opened(page)
    page.keyboard.type("tantousu")
    expect(page.locator(OPTIONS).first.locator(".kbd")).to_have_text("I")
    page.keyboard.press("Enter")
    expect(page.locator("#inquiry-bar [data-shortcut=i]")).to_have_count(0)
    assert Inquiry.objects.get().owner is not None


def test_a_picker_opens_from_it(page):
    opened(page)
    page.keyboard.type("スヌーズ")
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("[data-picker-field]")).to_be_focused()
    expect(page.locator("#picker [role=option]").first).to_be_visible()


def test_what_cannot_be_done_is_not_there(page):
    assert "再開" not in " ".join(words for words, _key in opened(page))


def readings() -> dict[str, str]:
    text = Path(READINGS).read_text(encoding="utf-8")
    table = text.partition("`")[2].partition("`")[0]
    return dict(one.split(" ") for one in re.split(r"[|\n]", table.strip()))


def test_every_action_can_be_typed_without_kanji(page):
    known = sorted(readings(), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)))
    names = [words for words, _key in opened(page)]
    left = {name: pattern.sub("", name) for name in names}
    assert {name for name, rest in left.items() if KANJI.search(rest)} == set()
