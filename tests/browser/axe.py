"""What axe objects to on a page as it stands."""

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Colours in the middle of a change are nobody's: what moves has arrived.
_AT_REST = """() => document.getAnimations()
  .filter(one => one.effect.getComputedTiming().iterations !== Infinity)
  .forEach(one => one.finish())"""
_TRIES = 5
# No rule reads the style sheets as files, and nobody reads the paths to elements.
_OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "preload": {"assets": ["media"]},
    "selectors": False,
}
_COLOURS = ["color-contrast", "link-in-text-block"]
# What is drawn is the same in both themes, but for its colours.
_RULES = {"light": _OPTIONS, "dark": _OPTIONS | {"runOnly": _COLOURS}}
_COLOURLESS = _OPTIONS | {"rules": {rule: {"enabled": False} for rule in _COLOURS}}


def violations(page: Page, rules: dict[str, Any] = _OPTIONS) -> list[tuple[str, str]]:
    """The rule and the first element of each.

    All that axe has to tell, as its package asks for it, takes longer to hand over than
    to find.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    page.evaluate(_AT_REST)
    script = f"axe.run({json.dumps(rules)}).then(found => found.violations)"
    return [(one["id"], one["nodes"][0]["html"]) for one in page.evaluate(script)]


def _lasting(page: Page, rules: dict[str, Any]) -> list[tuple[str, str]]:
    """What came in meanwhile may still be fading, once more on a busy machine: what is
    wrong stays wrong."""
    for _try in range(_TRIES):
        wrong = violations(page, rules)
        if not wrong:
            return []
    return wrong


def look(page: Page, where: str = "", *, colours: bool = True) -> list[tuple[str, ...]]:
    """What is wrong with the page as it stands, in light and in dark.

    To measure the colours takes most of the time; they are those of any language.
    """
    found: list[tuple[str, ...]] = []
    for theme, rules in (_RULES if colours else {"light": _COLOURLESS}).items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        wrong = _lasting(page, rules)
        found += [(where, theme, *each) for each in wrong]
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found + ([(where, "scrolls sideways", str(wide))] if wide > 0 else [])
