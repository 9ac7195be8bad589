"""A member's role and extension, and whether they are one at all."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agentdesk.accounts.actions.edit_profile import edit_profile
from agentdesk.accounts.actions.ordered_row import lock
from agentdesk.accounts.actions.sign_out_everywhere import end_sessions
from agentdesk.accounts.exceptions import SettingRefusedError
from agentdesk.accounts.handover import hand_over
from agentdesk.accounts.models import Membership, User
from agentdesk.accounts.roles import Role
from agentdesk.audit import log
from agentdesk.live.publish import publish


@transaction.atomic
def change_member(
    member: Membership,
    *,
    actor: User,
    role: str,
    extension: str,
    family_kana: str | None = None,
    given_kana: str | None = None,
) -> Membership:
    """The reading of their name stays where None is given.

    Raises SettingRefusedError for the last admin, or an extension that is taken.
    """
    member = _lock(member)
    kana = {"family_kana": family_kana, "given_kana": given_kana}
    edit_profile(
        member.user,
        actor=actor,
        values={name: value for name, value in kana.items() if value is not None},
    )
    before = {"role": member.role, "extension": member.extension}
    after = {"role": role, "extension": extension}
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return member
    if member.role == Role.ADMIN and role != Role.ADMIN:
        _require_an_admin(member)
    member.role, member.extension = role, extension
    try:
        with transaction.atomic():
            member.save(update_fields=["role", "extension"])
    except IntegrityError as error:
        raise SettingRefusedError(
            _("Another member has this extension."), field="extension"
        ) from error
    log.record(
        "member.changed",
        member,
        actor=actor,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    publish(f"user:{member.user_id}", "access_changed")
    return member


@transaction.atomic
def deactivate_member(
    member: Membership, *, actor: User, hand_to: Membership | None
) -> Membership:
    """Hand over their open work, then close the account to them.

    Raises SettingRefusedError for the last admin, or a taker who cannot take it.
    """
    member = _lock(member)
    if not member.is_active:
        return member
    if member.role == Role.ADMIN:
        _require_an_admin(member)
    if hand_to is not None and not _can_take_over(hand_to, member):
        raise SettingRefusedError(
            _("Choose an active member of this client company."), field="hand_to"
        )
    handed = hand_over(member, to=hand_to, actor=actor)
    member.is_active = False
    member.save(update_fields=["is_active"])
    taker = hand_to.user.name if hand_to else None
    log.record(
        "member.deactivated",
        member,
        actor=actor,
        before={"active": True},
        after={"active": False, "handed_over": handed, "to": taker},
    )
    if not Membership.objects.active().filter(user=member.user).exists():
        end_sessions(member.user)
    publish(f"user:{member.user_id}", "access_changed")
    return member


@transaction.atomic
def reactivate_member(member: Membership, *, actor: User) -> Membership:
    member = _lock(member)
    if member.is_active:
        return member
    member.is_active = True
    member.save(update_fields=["is_active"])
    log.record(
        "member.reactivated",
        member,
        actor=actor,
        before={"active": False},
        after={"active": True},
    )
    publish(f"user:{member.user_id}", "access_changed")
    return member


def _lock(member: Membership) -> Membership:
    """The member, behind their account: two admins cannot leave at once, and an
    extension is not given twice.
    """
    lock(member.account_id)
    return (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user", "account")
        .get(pk=member.pk)
    )


def _require_an_admin(member: Membership) -> None:
    others = Membership.objects.active().filter(
        account_id=member.account_id, role=Role.ADMIN
    )
    if not others.exclude(pk=member.pk).exists():
        raise SettingRefusedError(
            _("A client company needs an admin. Make somebody else one first."),
            field="role",
        )


def _can_take_over(taker: Membership, member: Membership) -> bool:
    return (
        taker.account_id == member.account_id
        and taker.pk != member.pk
        and taker.is_active
        and taker.user.is_active
    )
