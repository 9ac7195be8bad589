"""Where the caret stands in a text that was begun before."""

from conversations.models import Draft
from tests.browser.conftest import outside
from tests.browser.sockets import connected


def test_a_draft_goes_on_at_its_end_by_keyboard(
    signed_in, agent, conversation, webchat
):
    outside(
        lambda: Draft.objects.create(
            conversation=conversation, member=agent, body="確認いたします。"
        )
    )
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.keyboard.press("r")
    page.keyboard.type("少々お待ちください。")
    field = page.locator("#composer-reply")
    assert field.input_value() == "確認いたします。少々お待ちください。"
