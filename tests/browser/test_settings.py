"""What only a browser can show of the settings: the keyboard, the preview, the looks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from agentdesk.accounts.models import ClientAccount, Membership, OpeningHours
from conversations.inquiries.actions.contact_reason import add_reason
from conversations.inquiries.selectors.reason_tree import ReasonTree
from conversations.models import ContactReason, Inbox, Template
from conversations.setup.actions.open_account import open_account
from customers.models import AttributeDefinition, MemberRank
from tests.factories.accounts import UserFactory
from tests.factories.conversations import TemplateFactory


@pytest.fixture
def company(db) -> ClientAccount:
    account = open_account(
        actor=UserFactory(),
        name="こがね洋品店",
        slug="kogane",
        colour="teal",
        locale="ja",
        time_zone="Asia/Tokyo",
        phone_region="JP",
    )
    MemberRank.objects.create(account=account, name="ゴールド", colour="amber")
    AttributeDefinition.objects.create(account=account, key="size", label="靴のサイズ")
    OpeningHours.objects.create(
        account=account, weekday=0, opens="09:00", closes="18:00"
    )
    ContactReason.objects.filter(parent__account=account).delete()
    ContactReason.objects.filter(account=account).delete()
    for name in ("返品", "配送", "注文"):
        add_reason(account, actor=None, name=name)
    return account


@pytest.fixture
def desk(company: ClientAccount, signed_in: Callable[..., Page]) -> Page:
    return signed_in(Membership.objects.get(account=company))


def shown(account: ClientAccount) -> list[str]:
    return [
        "-" * (row.level - 1) + row.reason.name for row in ReasonTree(account).rows()
    ]


def test_reasons_are_ordered_and_renamed_by_keyboard_alone(
    desk: Page, company: ClientAccount
):
    desk.goto("/settings/kogane/reasons/")
    last = ContactReason.objects.get(account=company, name="注文")
    up = desk.locator(f"#reason-{last.pk}-up")
    up.focus()
    names = desk.locator("#reasons sortable-rows .rows__main")
    for order in (["返品", "注文", "配送"], ["注文", "返品", "配送"]):
        expect(up).to_be_focused()  # the list is another one after each step
        desk.keyboard.press("Enter")
        expect(names).to_contain_text(order)
        expect(up).to_be_focused()
    desk.locator(f"#reason-{last.pk}-down").press("Enter")
    expect(names).to_contain_text(["返品", "注文", "配送"])
    desk.locator(f"#reason-{last.pk}-indent").press("Enter")
    expect(desk.locator(f"#reason-{last.pk}")).to_have_attribute("data-level", "2")
    expect(desk.locator("#settings-said")).to_contain_text("注文")
    desk.locator(f"#reason-{last.pk}-edit").press("Enter")
    name = desk.locator(f"#reason-{last.pk} input[name=name]")
    expect(name).to_be_focused()
    name.fill("ご注文")
    name.press("Enter")
    expect(desk.locator(f"#reason-{last.pk}-edit")).to_be_focused()
    assert shown(company) == ["返品", "-ご注文", "配送"]


def test_a_reason_is_added_below_another_in_one_form_of_its_own(
    desk: Page, company: ClientAccount
):
    desk.goto("/settings/kogane/reasons/")
    parent = ContactReason.objects.get(account=company, name="返品")
    add = desk.locator(f"#reason-{parent.pk}-add")
    names = desk.locator(f"#reason-new-{parent.pk} input[name=name]")
    add.click()
    expect(names).to_be_focused()
    names.fill("不良品")
    with desk.expect_response("**/child/"):
        add.click()
    expect(names).to_be_focused()
    expect(names).to_have_value("不良品")
    ids = desk.locator("#reasons [id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    names.press("Enter")
    expect(names).to_have_count(0)
    assert shown(company) == ["返品", "-不良品", "配送", "注文"]


def test_reasons_are_dragged_to_their_place(desk: Page, company: ClientAccount):
    desk.goto("/settings/kogane/reasons/")
    rows = {reason.name: reason.pk for reason in ContactReason.objects.all()}
    grip = desk.locator(f"#reason-{rows['注文']} [data-grip]")
    grip.drag_to(
        desk.locator(f"#reason-{rows['返品']}"), target_position={"x": 200, "y": 3}
    )
    names = desk.locator("#reasons sortable-rows .rows__main")
    expect(names).to_contain_text(["注文", "返品", "配送"])
    assert shown(company) == ["注文", "返品", "配送"]


def test_the_preview_follows_what_is_typed(desk: Page, company: ClientAccount):
    webchat = Inbox.objects.get(account=company, channel="webchat")
    desk.goto(f"/settings/kogane/webchats/{webchat.pk}/")
    desk.get_by_label("タイトル").first.fill("こがね相談室")
    frame = desk.frame_locator("iframe")
    expect(frame.get_by_text("こがね相談室").first).to_be_attached()
    webchat.webchat.refresh_from_db()
    assert webchat.webchat.title_ja == "こがね洋品店"


def test_hours_are_copied_to_other_days_and_faults_get_the_focus(
    desk: Page, company: ClientAccount
):
    desk.goto("/settings/kogane/hours/")
    expect(desk.locator("#hours-now")).to_contain_text("現在")
    monday = desk.locator("[data-day='0']")
    monday.get_by_role("button", name="ほかの曜日にコピー").press("Enter")
    desk.get_by_role("menuitem", name="月曜日から金曜日").press("Enter")
    desk.get_by_role("button", name="保存").press("Enter")
    expect(desk.locator(".toast").first).to_be_visible()
    assert OpeningHours.objects.filter(account=company).count() == 5
    monday = desk.locator("[data-day='0']")
    monday.get_by_role("button", name="時間帯を追加").press("Enter")
    monday.locator("[name=opens-0]").nth(1).fill("17:00")
    monday.locator("[name=closes-0]").nth(1).fill("20:00")
    desk.get_by_role("button", name="保存").press("Enter")
    expect(monday.locator(".field__error")).to_contain_text("重なって")
    expect(monday.locator("[name=opens-0]").first).to_be_focused()
    assert OpeningHours.objects.filter(account=company).count() == 5


def test_a_copied_secret_is_not_repeated_on_the_screen(
    desk: Page, company: ClientAccount
):
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone = Inbox.objects.get(account=company, channel="phone")
    desk.goto("/settings/kogane/phones/")
    desk.locator(f"#phone-{phone.pk}").get_by_role("button", name="APIキー").click()
    secret = desk.locator("#new-api-key").inner_text()
    desk.locator("#new-api-key + [data-copy]").click()
    toast = desk.locator(".toast").last
    expect(toast).to_contain_text("コピーしました")
    expect(toast).not_to_contain_text(secret)


@pytest.mark.parametrize("width", [1366, 1920])
def test_the_navigation_stays_beside_a_long_page(desk: Page, width: int):
    desk.set_viewport_size({"width": width, "height": 500})
    desk.goto("/settings/kogane/general/")
    main, nav = desk.locator("#main"), desk.locator(".page__nav")
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    assert main.evaluate("main => main.scrollTop") > 0
    assert nav.evaluate(
        """nav => { const [one, all] = [nav, nav.closest("main")].map(
          (box) => box.getBoundingClientRect());
          return [one.top - all.top, one.bottom - all.bottom]; }"""
    ) == [0, 0]
    expect(nav.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    nav.get_by_role("link").last.hover()
    expect(nav.get_by_role("link").last).to_be_in_viewport(ratio=1)
    assert main.evaluate("main => main.scrollTop") > 0
    desk.goto("/settings/kogane/inboxes/")
    expect(nav.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    assert nav.evaluate("nav => nav.scrollTop") > 0
    assert main.evaluate("main => main.scrollTop") == 0
    desk.set_viewport_size({"width": 390, "height": 844})
    assert nav.evaluate("nav => nav.scrollHeight === nav.clientHeight")


def test_on_a_phone_the_navigation_is_folded_and_says_where_one_is(desk: Page):
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/settings/kogane/templates/")
    nav = desk.locator(".page__nav")
    expect(nav.locator("summary")).to_have_text("定型文")
    expect(nav.get_by_role("link")).to_have_count(0)
    expect(desk.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    nav.locator("summary").focus()
    desk.keyboard.press("Enter")
    nav.get_by_role("link", name="窓口一覧").click()
    expect(nav.locator("summary")).to_have_text("窓口一覧")
    expect(nav.get_by_role("link")).to_have_count(0)
    desk.set_viewport_size({"width": 1366, "height": 768})
    expect(nav.locator("summary")).to_be_hidden()
    expect(nav.get_by_role("link", name="定型文")).to_be_in_viewport(ratio=1)


def test_a_template_is_moved_to_another_folder_by_keys_and_by_hand(
    desk: Page, company: ClientAccount
):
    for at, (name, folder) in enumerate((("一", "甲"), ("二", "乙"), ("三", "乙"))):
        TemplateFactory(account=company, name=name, folder=folder, position=at)
    one = Template.objects.get(account=company, name="一")
    desk.goto("/settings/kogane/templates/?q=")

    def rows(folder: str):
        box = desk.locator(".template-folder", has_text=folder)
        return box.locator(".template-row__name")

    expect(rows("甲")).to_have_text(["一"])
    desk.locator(f"#template-{one.pk}-folder").focus()
    desk.keyboard.press("Enter")
    dialog = desk.locator("#template-to-folder")
    expect(dialog.get_by_role("radio", name="甲")).to_be_checked()
    dialog.get_by_role("radio", name="甲").press("ArrowUp")
    expect(dialog.get_by_role("radio", name="乙")).to_be_checked()
    desk.keyboard.press("Enter")
    expect(rows("乙")).to_have_text(["二", "三", "一"])
    expect(dialog).to_have_count(0)
    expect(desk.locator(f"#template-{one.pk}-folder")).to_be_focused()
    desk.locator(f"#template-{one.pk}-folder").click()
    dialog.locator("[name=new]").fill("丙")
    dialog.locator("[type=submit]").click()
    expect(rows("丙")).to_have_text(["一"])
    two = desk.locator(".rows__row", has=desk.get_by_role("link", name="二"))
    desk.locator(f"#template-{one.pk} [data-grip]").drag_to(
        two, target_position={"x": 60, "y": 2}
    )
    expect(rows("乙")).to_have_text(["一", "二", "三"])
    expect(rows("丙")).to_have_count(0)
