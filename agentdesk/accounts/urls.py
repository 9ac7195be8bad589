from django.urls import path

from agentdesk.accounts.views import front, preferences, profile, switch, unlock

app_name = "accounts"
urlpatterns = [
    path("", front.front, name="front"),
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
]
