"""The first visit to an empty installation."""

from django.urls import path

from conversations.setup.views import setup

app_name = "setup"

urlpatterns = [
    path("done/", setup.done, name="done"),
    path("", setup.setup, name="begin"),
    path("<str:token>/", setup.open_link, name="setup"),
]
