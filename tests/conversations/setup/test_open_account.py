import pytest

from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.models import ClientAccount, Membership, User
from agentdesk.accounts.roles import Role
from agentdesk.accounts.slugs import free_slug
from agentdesk.audit.models import AuditEntry
from conversations.models import ContactReason, Inbox, Queue
from conversations.setup.actions.open_account import open_account

pytestmark = pytest.mark.django_db


def opened(slug: str, actor: User | None = None, locale: str = "ja") -> ClientAccount:
    return open_account(
        actor=actor,
        name="こがね洋品店",
        slug=slug,
        colour="teal",
        locale=locale,
        time_zone="Asia/Tokyo",
        phone_region="JP",
    )


def test_a_new_account_has_all_it_needs_to_begin():
    user = User.objects.create_user("owner@example.jp", "desk-password-1")
    account = opened("kogane", actor=user)
    queue = Queue.objects.get(account=account)
    assert queue.is_default
    inboxes = Inbox.objects.filter(account=account, queue=queue)
    assert {inbox.channel for inbox in inboxes} == {"phone", "webchat"}
    assert inboxes.get(channel="webchat").webchat.greeting_ja
    assert Membership.objects.get(account=account, user=user).role == Role.ADMIN
    roots = ContactReason.objects.filter(account=account, parent=None)
    assert roots.count() == 6
    assert roots[0].children.exists()
    entry = AuditEntry.objects.get(action="account.opened")
    assert (entry.actor, entry.account, entry.after["slug"]) == (
        user,
        account,
        "kogane",
    )


def test_an_english_account_starts_in_english():
    account = opened("kogane", locale="en")
    assert Queue.objects.get(account=account).name == "General enquiries"


@pytest.mark.parametrize("slug", ["kogane", "new"])
def test_a_taken_or_reserved_short_name_is_refused_and_nothing_is_half_written(slug):
    opened("kogane")
    with pytest.raises(SettingRefusedError) as refusal:
        opened(slug)
    assert refusal.value.field == "slug"
    assert ClientAccount.objects.count() == 1
    assert Queue.objects.count() == 1


def test_short_names_are_made_of_what_can_be_read():
    opened("kogane")
    assert free_slug("コガネ") == "kogane-2"
    assert free_slug("Hinata Kitchen") == "hinata-kitchen"
    assert free_slug("東京商店") == "account"
    assert free_slug("New") == "new-2"
