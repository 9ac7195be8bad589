from django.urls import path

from agentdesk.accounts.views import (
    invitation,
    people,
    preferences,
    profile,
    protection,
    push,
    switch,
    unlock,
    vouch,
)

_PEOPLE = "settings/<slug:slug>/people/"
_MEMBER = f"{_PEOPLE}<int:pk>/"

app_name = "accounts"
urlpatterns = [
    path("accounts-switch/", switch.switch, name="switch"),
    path("accounts/unlock/", unlock.unlock, name="unlock"),
    path("accounts/locked/", unlock.locked, name="locked"),
    path("me/", profile.profile, name="profile"),
    path("me/sessions/", profile.sessions, name="sessions"),
    path(
        "me/sign-out-everywhere/",
        profile.leave_everywhere,
        name="sign-out-everywhere",
    ),
    path("me/preferences/", preferences.preferences, name="preferences"),
    path("me/push/", push.subscribe, name="push"),
    path("me/push/off/", push.unsubscribe, name="push-off"),
    path("invitation/", invitation.join, name="join"),
    path("invitation/<str:token>/", invitation.open_link, name="invitation"),
    path(_PEOPLE, people.people, name="people"),
    path(f"{_PEOPLE}lists/", people.lists, name="people-lists"),
    path(f"{_PEOPLE}protection/", protection.protection, name="protection"),
    path(f"{_PEOPLE}invite/", people.invite_member, name="invite"),
    path(
        f"{_PEOPLE}invitations/<int:pk>/revoke/",
        people.revoke,
        name="invitation-revoke",
    ),
    path(_MEMBER, people.member, name="member"),
    path(f"{_MEMBER}deactivate/", people.deactivate, name="member-deactivate"),
    path(f"{_MEMBER}reactivate/", people.reactivate, name="member-reactivate"),
    path(f"{_MEMBER}help/", vouch.help_in, name="member-help"),
    path(f"{_MEMBER}reset-link/", vouch.reset_link, name="member-reset-link"),
    path(f"{_MEMBER}second-step/", vouch.second_step, name="member-second-step"),
    path(f"{_MEMBER}sign-out/", vouch.sign_out, name="member-sign-out"),
]
