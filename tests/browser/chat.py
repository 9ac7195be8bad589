"""A shop of another origin that carries the chat, and what a customer does there."""

from playwright.sync_api import Locator, Page

from conversations.choices import MessageKind
from conversations.models import Message

HOSTILE = """
* { color: red !important; background: yellow !important; letter-spacing: 1em !important;
    font: italic 40px cursive !important; text-transform: uppercase !important;
    line-height: 4 !important; text-align: right !important; direction: rtl !important; }
button, textarea, input { display: none !important; position: static !important; }
div, section { width: 3000px !important; opacity: 0.1 !important; float: left !important; }
"""
# Site data are blocked: even to name a storage throws.
BLOCK = """
const refuse = () => { throw new DOMException("denied", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {get: refuse});
"""
FILL = """place => {
  let text = "x".repeat(1 << 20);
  for (let number = 0; text; number += 1) {
    try { window[place].setItem(`shop-${number}`, text); }
    catch { text = text.slice(0, text.length >> 1); }
  }
}"""
FULL = f"for (const place of ['localStorage', 'sessionStorage']) ({FILL})(place);"
PAGE = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>よその店</title>
<style>{styles}</style></head><body><header><p>よその店</p></header><main><h1>よその店</h1>
<a href="#top" id="last-link">商品</a></main><footer><p>©</p></footer>{script}</body></html>"""


def field(page: Page) -> Locator:
    return page.locator(".composer textarea")


def write(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def bodies() -> list[str]:
    """What has been stored, in its order."""
    rows = Message.objects.filter(kind=MessageKind.TEXT).order_by("pk")
    return list(rows.values_list("body", flat=True))
