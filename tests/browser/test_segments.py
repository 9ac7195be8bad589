"""What a text message will cost, while it is typed."""

import json
from pathlib import Path

from playwright.sync_api import expect

from conversations.models import Message
from tests.browser.conftest import outside
from tests.conversations.providers.sms import PROVIDER, write

CASES = Path(__file__).parent.parent / "conversations" / "adapters" / "segments.json"


def test_the_segments_of_a_japanese_text_are_counted_as_it_is_typed(
    signed_in, agent, account, queue
):
    inbox = PROVIDER.connected(account, queue)
    assert (
        outside(lambda: PROVIDER.post(inbox, write("いつ届きますか"))).status_code
        == 200
    )
    conversation = Message.objects.get(kind="text").conversation
    page = signed_in(agent)
    page.goto(f"/conversations/{conversation.pk}/")
    line = page.locator("#composer-segments")
    expect(line).to_be_hidden()
    page.locator("#composer-reply").fill("あ" * 70)
    expect(line).to_have_text("1 通分 ・ 残り 0 文字")
    page.locator("#composer-reply").press_sequentially("い")
    expect(line).to_have_text("2 通分 ・ 残り 63 文字")
    page.locator("#composer input[name=kind][value=note]").check(force=True)
    expect(line).to_be_hidden()
    cases = json.loads(CASES.read_text("utf-8"))
    counted = page.evaluate(
        """(cases) => {
            const { countSegments } =
              window.agentdeskModules["agentdesk/js/composer/segments.js"];
            return cases.map(({ text }) => countSegments(text));
        }""",
        cases,
    )
    assert [(one["count"], one["left"]) for one in counted] == [
        (one["count"], one["left"]) for one in cases
    ]
