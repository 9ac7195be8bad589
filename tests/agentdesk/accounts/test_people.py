"""The members of an account: invited, changed, sent home, helped back in."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from agentdesk.accounts.models import Invitation, Membership, Session, User
from agentdesk.audit.models import AuditEntry
from conversations.choices import Channel
from conversations.models import FollowUp, Inquiry
from tests.factories.accounts import PASSWORD, MembershipFactory
from tests.factories.conversations import ConversationFactory
from tests.links import opened

pytestmark = pytest.mark.django_db

PEOPLE = "/settings/kogane/people/"
NEWCOMER = {
    "family_name": "高橋",
    "given_name": "一郎",
    "email": "ichiro@example.jp",
    "password": "kumo-no-ue-8",
}


@pytest.fixture
def boss(admin, client_of):
    return client_of(admin)


def invite(boss, **data: str) -> str:
    response = boss.post(f"{PEOPLE}invite/", {"role": "agent"} | data)
    link: str = response.context["link"]
    return link.removeprefix("http://testserver")


def member_path(member: Membership, what: str = "") -> str:
    return f"{PEOPLE}{member.pk}/{what}"


def test_page_lists_members_with_role_extension_and_second_step(boss, agent):
    agent.extension = "2001"
    agent.save()
    Authenticator.objects.create(user=agent.user, type="totp", data={})
    html = boss.get(PEOPLE).content.decode()
    row = html.split(f'id="member-{agent.pk}"')[1].split("</tr>")[0]
    for words in (agent.user.name, agent.user.email, "オペレーター", "2001", "有効"):
        assert words in row


def test_page_costs_the_same_for_many_members(
    boss, account, django_assert_max_num_queries
):
    MembershipFactory.create_batch(20, account=account)
    with django_assert_max_num_queries(11):
        boss.get(PEOPLE)


def test_newcomer_joins_by_link_and_the_link_works_once(boss, client, account):
    path = invite(boss)
    assert "こがね洋品店" in client.get(path, follow=True).content.decode()
    assert client.post(opened(client, path), NEWCOMER).url == "/"
    member = Membership.objects.get(user__email="ichiro@example.jp")
    assert (member.account, member.role) == (account, "agent")
    assert client.get("/me/").status_code == 200
    assert AuditEntry.objects.filter(
        action="user.signed_in", actor=member.user
    ).exists()
    client.post("/accounts/logout/")
    assert client.get(path, follow=True).status_code == 410
    assert (
        client.post(
            opened(client, path), NEWCOMER | {"email": "x@example.jp"}
        ).status_code
        == 410
    )
    assert AuditEntry.objects.filter(action="member.joined").count() == 1


def test_existing_user_joins_signed_in(boss, client_of, stranger, account):
    path = invite(boss, role="supervisor")
    guest = client_of(stranger)
    assert stranger.user.email in guest.get(path, follow=True).content.decode()
    guest.post(opened(guest, path))
    joined = Membership.objects.get(user=stranger.user, account=account)
    assert joined.role == "supervisor"


def test_somebody_with_a_sign_in_is_asked_to_sign_in(boss, client, stranger):
    path = invite(boss)
    response = client.post(
        opened(client, path), NEWCOMER | {"email": stranger.user.email.upper()}
    )
    assert response.status_code == 422
    assert "すでに登録されています" in response.content.decode()
    assert Invitation.objects.get().is_open


def test_invitation_to_an_address_is_for_nobody_else(boss, client, client_of, stranger):
    path = invite(boss, email="ichiro@example.jp")
    guest = client_of(stranger)
    assert guest.post(opened(guest, path)).status_code == 422
    client.post(opened(client, path), NEWCOMER | {"email": "other@example.jp"})
    assert User.objects.filter(email="ichiro@example.jp").exists()
    assert not User.objects.filter(email="other@example.jp").exists()


def test_forged_revoked_and_expired_links_lead_nowhere(boss, client):
    forged = client.get("/invitation/forged/")
    assert forged.status_code == 404
    assert "新しいリンクを依頼してください" in forged.content.decode()
    revoked = invite(boss)
    boss.post(f"{PEOPLE}invitations/{Invitation.objects.get().pk}/revoke/")
    assert client.post(opened(client, revoked), NEWCOMER).status_code == 410
    expired = invite(boss)
    Invitation.objects.update(expires_at=timezone.now())
    assert client.post(opened(client, expired), NEWCOMER).status_code == 410
    assert not User.objects.filter(email="ichiro@example.jp").exists()


def test_link_is_mailed_where_mail_is_set_up(boss, settings, mailoutbox):
    settings.EMAIL_URL = "smtp://localhost"
    path = invite(boss, email="ichiro@example.jp")
    assert path in mailoutbox[0].body
    assert mailoutbox[0].to == ["ichiro@example.jp"]


def test_token_is_not_kept(boss):
    token = invite(boss).split("/")[-2]
    assert token not in str(list(Invitation.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    "password", ["short", "password1", "12345678", "ichiro@example.jp"]
)
def test_weak_password_is_refused(boss, client, password):
    path = invite(boss)
    response = client.post(opened(client, path), NEWCOMER | {"password": password})
    assert response.status_code == 422
    assert not User.objects.filter(email="ichiro@example.jp").exists()


def test_role_and_extension_change_with_an_audit_entry(boss, agent):
    data = {"role": "supervisor", "extension": "2001"}
    assert boss.post(member_path(agent), data).status_code == 204
    agent.refresh_from_db()
    assert (agent.role, agent.extension) == ("supervisor", "2001")
    entry = AuditEntry.objects.get(action="member.changed")
    assert entry.before == {"role": "agent", "extension": ""}
    assert entry.after == data


def test_extension_belongs_to_one_member(boss, agent, supervisor):
    boss.post(member_path(agent), {"role": "agent", "extension": "2001"})
    data = {"role": "supervisor", "extension": "2001"}
    response = boss.post(member_path(supervisor), data)
    assert response.status_code == 422
    assert "内線番号" in response.content.decode()


def test_last_admin_stays(boss, admin, agent):
    demoted = boss.post(member_path(admin), {"role": "agent", "extension": ""})
    assert demoted.status_code == 422
    gone = boss.post(member_path(admin, "deactivate/"), {"hand_to": agent.pk})
    assert gone.status_code == 422
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)
    boss.post(member_path(agent), {"role": "admin", "extension": ""})
    assert boss.post(member_path(admin, "deactivate/")).status_code == 204


@pytest.fixture
def inquiry(account, queue, agent):
    conversation = ConversationFactory(customer__account=account)
    return Inquiry.objects.create(
        account=account,
        conversation=conversation,
        reference="A7K-4829",
        queue=queue,
        owner=agent,
        channel=Channel.WEBCHAT,
    )


def test_open_work_changes_hands_before_a_member_leaves(
    boss, agent, supervisor, inquiry, admin
):
    promise = FollowUp.objects.create(
        account=agent.account,
        conversation=inquiry.conversation,
        owner=agent,
        text="折り返し",
        due_at=timezone.now(),
    )
    dialog = boss.get(member_path(agent, "deactivate/")).content.decode()
    assert "2件" in dialog
    boss.post(member_path(agent, "deactivate/"), {"hand_to": supervisor.pk})
    inquiry.refresh_from_db()
    promise.refresh_from_db()
    agent.refresh_from_db()
    assert (inquiry.owner, promise.owner) == (supervisor, supervisor)
    assert not agent.is_active


def test_without_a_taker_inquiries_wait_for_anybody(boss, agent, inquiry):
    boss.post(member_path(agent, "deactivate/"), {"hand_to": ""})
    inquiry.refresh_from_db()
    assert inquiry.owner is None


def test_work_goes_to_nobody_of_another_account(boss, agent, inquiry, stranger):
    data = {"hand_to": stranger.pk}
    response = boss.post(member_path(agent, "deactivate/"), data)
    assert response.status_code == 422
    inquiry.refresh_from_db()
    assert inquiry.owner == agent


def test_deactivated_member_is_out_at_once_and_may_come_back(boss, agent, client_of):
    theirs = client_of(agent)
    boss.post(member_path(agent, "deactivate/"))
    assert theirs.get("/me/").status_code == 302
    assert not Session.objects.filter(user=agent.user).exists()
    boss.post(member_path(agent, "reactivate/"))
    assert client_of(agent).get("/me/").context["access"].accounts == [agent.account]


def test_member_of_two_accounts_keeps_the_other(boss, agent, other_account, client_of):
    MembershipFactory(user=agent.user, account=other_account)
    theirs = client_of(agent)
    boss.post(member_path(agent, "deactivate/"))
    assert theirs.get("/me/").context["access"].accounts == [other_account]


def test_admin_hands_over_a_link_for_a_new_password(boss, agent, client):
    link = boss.post(member_path(agent, "reset-link/")).context["link"]
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    new = "kumo-no-ue-8"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    data = {"login": agent.user.email, "password": new}
    assert client.post("/accounts/login/", data).url == "/"
    assert AuditEntry.objects.filter(action="member.reset_link_issued").exists()


def test_admin_cannot_reach_into_another_account_through_a_shared_member(
    boss, agent, other_account
):
    MembershipFactory(user=agent.user, account=other_account)
    Authenticator.objects.create(user=agent.user, type="totp", data={})
    assert boss.post(member_path(agent, "reset-link/")).status_code == 403
    assert boss.post(member_path(agent, "second-step/")).status_code == 403
    assert Authenticator.objects.filter(user=agent.user).exists()


def test_lost_second_step_is_removed(boss, agent, client):
    Authenticator.objects.create(user=agent.user, type="totp", data={})
    boss.post(member_path(agent, "second-step/"))
    data = {"login": agent.user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", data).url == "/"


def test_admin_signs_a_member_out_everywhere(boss, agent, client_of):
    theirs = client_of(agent)
    boss.post(member_path(agent, "sign-out/"))
    assert theirs.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "what",
    [
        "",
        "deactivate/",
        "reactivate/",
        "help/",
        "reset-link/",
        "second-step/",
        "sign-out/",
    ],
)
def test_people_are_closed_to_agents_and_hidden_from_strangers(
    what, agent, supervisor, stranger, client_of, client
):
    path = member_path(agent, what)
    for member in (agent, supervisor):
        assert client_of(member).post(path).status_code in {403, 405}
        assert client_of(member).get(PEOPLE).status_code == 403
    assert client_of(stranger).post(path).status_code in {404, 405}
    assert client_of(stranger).get(PEOPLE).status_code == 404
    assert client.get(PEOPLE).status_code == 302


def test_members_of_other_accounts_are_out_of_reach(boss, stranger):
    for what in ("", "deactivate/", "help/"):
        assert boss.get(member_path(stranger, what)).status_code == 404
    assert boss.post(member_path(stranger, "sign-out/")).status_code == 404
