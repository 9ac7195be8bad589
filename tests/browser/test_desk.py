"""The desk in a real browser: live, by keyboard, with two members at once."""

import re

import pytest
from playwright.sync_api import Route, expect

from agentdesk.accounts.models import Session
from conversations.choices import Direction, InquiryStatus
from conversations.models import ComposeLease, Draft, Inquiry, Message
from tests.browser.axe import look
from tests.browser.conftest import arrive
from tests.browser.sockets import connected
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.conversations import ContactReasonFactory, ConversationFactory
from tests.factories.customers import CustomerFactory, OrderFactory


@pytest.fixture
def colleague(account):
    return MembershipFactory(
        account=account, user__family_name="鈴木", user__given_name="あかり"
    )


@pytest.fixture
def question(conversation, webchat):
    OrderFactory(customer=conversation.customer)
    return arrive(conversation, webchat, "サイズを交換したいです")


def test_a_new_message_appears_on_list_and_thread_without_a_reload(
    signed_in, agent, account, conversation, webchat, question
):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    arrive(conversation, webchat, "青はありますか")
    expect(page.locator("#thread .message--in")).to_have_count(2)
    expect(page.locator("#thread")).to_contain_text("青はありますか")
    other = CustomerFactory(account=account, family_name="前田", given_name="光")
    arrive(ConversationFactory(customer=other), webchat, "別のお客様です")
    expect(page.locator("#list")).to_contain_text("前田 光")


def test_a_reply_by_keyboard_is_sent_once_and_shown(
    signed_in, agent, conversation, question
):
    page = connected(signed_in(agent), "/desk/")
    page.keyboard.press("j")
    expect(page.locator("#composer-reply")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("在庫がございます")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    expect(page.locator("#composer-reply")).to_have_value("")
    assert Message.objects.filter(direction=Direction.OUTBOUND).count() == 1


def test_no_key_acts_while_an_ime_composes(signed_in, agent, conversation, question):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.locator("#composer-reply").focus()
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition",
        {"text": "ざいこ", "selectionStart": 3, "selectionEnd": 3},
    )
    page.evaluate(
        """() => {
          const field = document.getElementById("composer-reply");
          for (const key of ["Enter", "e"]) field.dispatchEvent(new KeyboardEvent("keydown",
            {key, ctrlKey: key === "Enter", isComposing: true, keyCode: 229, bubbles: true}));
        }"""
    )
    session.send("Input.insertText", {"text": "在庫"})
    expect(page.locator("#composer-reply")).to_have_value("在庫")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert not Message.objects.filter(direction=Direction.OUTBOUND).exists()


def test_typed_text_survives_a_reload(signed_in, agent, conversation, question):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    with page.expect_response(lambda answer: "/draft/" in answer.url):
        page.locator("#composer-reply").press_sequentially("書きかけです")
    page.reload()
    expect(page.locator("#composer-reply")).to_have_value("書きかけです")
    assert Draft.objects.get().body == "書きかけです"


def test_a_draft_that_arrives_after_its_reply_does_not_come_back(
    signed_in, agent, conversation, question
):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    late: list[Route] = []
    page.route("**/draft/", lambda route: late.append(route), times=1)
    with page.expect_request("**/draft/"):
        page.locator("#composer-reply").press_sequentially("在庫がございます")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .message--out[data-pk]")).to_have_count(1)
    with page.expect_response("**/draft/"):
        late[0].continue_()
    assert not Draft.objects.exists()
    assert not ComposeLease.objects.exists()


def test_a_colleague_sees_who_is_answering_and_cannot_send(
    signed_in, agent, colleague, conversation, question
):
    theirs = connected(signed_in(colleague), f"/conversations/{conversation.pk}/")
    mine = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    mine.locator("#composer-reply").press_sequentially("確認します")
    expect(theirs.locator("#composer-state")).to_contain_text(agent.user.name)
    expect(theirs.locator("#composer [data-send]")).to_be_disabled()
    expect(theirs.locator("#viewers .avatar")).to_have_count(1)
    words = f"{agent.user.name}さんが入力中"
    expect(theirs.locator("#viewers")).to_contain_text(words)


def test_a_supervisor_takes_over_and_the_agent_is_told(
    signed_in, agent, supervisor, conversation, question
):
    mine = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    theirs = connected(signed_in(supervisor), f"/conversations/{conversation.pk}/")
    reply = mine.locator("#composer-reply")
    reply.press_sequentially("確認します")
    theirs.get_by_role("button", name="引き取る").click()
    expect(mine.locator("#toasts")).to_contain_text(supervisor.user.name)
    expect(mine.locator("#composer-state")).to_contain_text(supervisor.user.name)
    expect(reply).not_to_be_editable()
    reply.press("a")
    expect(reply).to_have_value("確認します")
    theirs.locator("#composer-reply").fill("代わりにお答えします")
    theirs.keyboard.press("Control+Enter")
    expect(mine.locator("#thread .message--out[data-pk]")).to_contain_text("代わりに")
    expect(reply).to_be_editable()
    expect(reply).to_have_value("確認します")
    assert Draft.objects.get().member == agent


def test_an_offline_spell_is_said_and_healed_without_a_reload(
    signed_in, agent, conversation, webchat, question
):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.context.set_offline(True)
    page.locator("#composer-reply").press_sequentially("オフラインで書く")
    expect(page.locator("#connection")).to_be_visible()
    arrive(conversation, webchat, "その間に届いた")
    page.context.set_offline(False)
    expect(page.locator("#thread")).to_contain_text("その間に届いた", timeout=40_000)
    expect(page.locator("#composer-reply")).to_have_value("オフラインで書く")


def test_close_and_next_by_keyboard(
    signed_in, agent, account, conversation, webchat, question
):
    ContactReasonFactory(account=account, name="サイズ交換")
    other = CustomerFactory(account=account, family_name="前田", given_name="光")
    arrive(ConversationFactory(customer=other), webchat, "次のお客様です")
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    page.keyboard.press("e")
    expect(page.locator("#picker [role=option]")).to_contain_text("サイズ交換")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("次のお客様です")
    question.inquiry.refresh_from_db()
    assert question.inquiry.status == InquiryStatus.DONE
    assert Inquiry.objects.open().count() == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_desk_is_accessible_and_never_scrolls_sideways(
    signed_in, agent, conversation, question, language
):
    agent.user.language = language
    agent.user.save(update_fields=["language"])
    page = signed_in(agent)
    connected(page, f"/conversations/{conversation.pk}/")
    expect(page.locator("#customer-history .history").first).to_be_visible()
    assert look(page) == []


def test_n_takes_the_longest_waiting_wherever_one_is(
    signed_in, agent, account, conversation, webchat, question
):
    other = CustomerFactory(account=account, family_name="前田", given_name="光")
    quiet = ConversationFactory(customer=other)
    page = connected(signed_in(agent), f"/conversations/{quiet.pk}/")
    page.keyboard.press("n")
    expect(page.locator("#thread")).to_contain_text("サイズを交換したいです")
    expect(page).to_have_url(re.compile(rf"/conversations/{conversation.pk}/"))


def test_a_resized_and_folded_pane_is_remembered_by_the_desk(
    signed_in, agent, conversation, question
):
    address = f"/conversations/{conversation.pk}/"
    page = connected(signed_in(agent), address)
    pane = page.locator("#pane-list")
    width = "element => element.offsetWidth"
    before = pane.evaluate(width)
    page.locator(".resizer[data-pane=list]").press("ArrowRight")
    page.keyboard.press("]")
    for reload in (False, True):
        if reload:
            connected(page, address)
        assert pane.evaluate(width) == before + 16
        expect(page.locator("#pane-customer")).to_be_hidden()
        folded = page.locator("[data-fold=customer]")
        expect(folded).to_have_attribute("aria-expanded", "false")


def test_a_lost_line_is_said_on_the_desk_and_that_it_is_back(
    signed_in, agent, conversation, question
):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    notice = page.locator("#connection")
    expect(notice).to_be_hidden()
    page.context.set_offline(True)
    expect(notice).to_contain_text("接続が切れています")
    page.context.set_offline(False)
    expect(notice).to_contain_text("再接続しました", timeout=40_000)
    expect(notice).to_be_hidden()


def test_an_ended_session_asks_over_the_desk_and_goes_on_where_one_was(
    signed_in, agent, conversation, question
):
    page = connected(signed_in(agent), f"/conversations/{conversation.pk}/")
    with page.expect_response(lambda answer: "/draft/" in answer.url):
        page.locator("#composer-reply").fill("書きかけです")
    Session.objects.filter(user=agent.user).delete()
    # Not by the mouse: the lock may stand over the page before it gets there.
    page.locator("#inquiry-bar [data-shortcut=e]").evaluate("key => key.click()")
    lock = page.locator("#reauthenticate")
    lock.locator("[name=password]").fill(PASSWORD)
    lock.locator("[name=password]").press("Enter")
    expect(lock).to_be_hidden()
    expect(page.locator("#picker")).to_be_visible()
    expect(page.locator("#composer-reply")).to_have_value("書きかけです")
