"""Several signals in one frame, as the scripts of desk and chat read them."""

from playwright.sync_api import expect

from agentdesk.live.publish import send_now
from conversations.models import Visitor
from tests.browser.chat import write
from tests.browser.sockets import socket_of

COLLECT = """() => {
  window.signals = [];
  document.body.addEventListener("live:signal", ({ detail }) => {
    if (detail.kind === "list_changed") window.signals.push(detail.ids.inquiry);
  });
}"""


def has_several(frame: object) -> bool:
    return str(frame).startswith('[{"kind"')


def test_the_desk_reads_every_signal_of_a_frame_in_order(signed_in, agent, account):
    page = signed_in(agent)
    socket = socket_of(page, lambda: page.goto("/desk/"), "watching")
    page.evaluate(COLLECT)
    with socket.expect_event("framereceived", has_several):
        for number in range(1, 31):
            send_now(f"account:{account.pk}", "list_changed", {"inquiry": number})
    page.wait_for_function("window.signals.length >= 30")
    assert page.evaluate("window.signals") == [*range(1, 31)]


def test_the_chat_reads_every_signal_of_a_frame(opened):
    page = opened()
    socket = socket_of(page, lambda: write(page, "こんにちは"), "hello")
    expect(page.locator(".typing")).to_have_text("")
    topic = f"visitor:{Visitor.objects.get().pk}"
    with socket.expect_event("framereceived", has_several):
        for number in range(1, 20):
            send_now(topic, "message_changed", {"message": number})
        send_now(topic, "typing", {"on": 1})
    expect(page.locator(".typing")).not_to_have_text("")


def test_the_socket_watches_what_stands_on_the_page(signed_in, agent):
    """A region that comes is watched, and no longer when it has gone."""
    page = signed_in(agent)
    socket = socket_of(page, lambda: page.goto("/desk/"), "watching")
    region = '<live-region id="one" topics="customer:99"></live-region>'
    with socket.expect_event("framesent", lambda frame: "customer:99" in str(frame)):
        page.evaluate(
            "(html) => document.body.insertAdjacentHTML('beforeend', html)", region
        )
    with socket.expect_event("framesent", lambda frame: "watch" in str(frame)) as sent:
        page.evaluate("document.getElementById('one').remove()")
    assert "customer:99" not in str(sent.value)
