from django.urls import path

from agentdesk.accounts.views import settings_general, settings_hours

app_name = "settings"
urlpatterns = [
    path("", settings_general.index, name="index"),
    path("<slug:slug>/", settings_general.account_index, name="account"),
    path("<slug:slug>/general/", settings_general.general, name="general"),
    path("<slug:slug>/hours/", settings_hours.hours, name="hours"),
    path("<slug:slug>/hours/closed/", settings_hours.add_closed, name="closed-add"),
    path(
        "<slug:slug>/hours/closed/<int:pk>/remove/",
        settings_hours.remove_closed,
        name="closed-remove",
    ),
]
