"""Addresses of the web chat's visitors, all below /chat/."""

from django.urls import path

from conversations.webchat.views import code, embed, messages, session

app_name = "chat"

urlpatterns = [
    path("<slug:key>.js", embed.loader, name="loader"),
    path("<slug:key>/config/", embed.config, name="config"),
    path("<slug:key>/preview/", embed.preview, name="preview"),
    path("<slug:key>/try/", embed.trial, name="try"),
    path("<slug:key>/session/", session.session, name="session"),
    path("<slug:key>/page/", session.page, name="page"),
    path("<slug:key>/about/", session.about, name="about"),
    path("<slug:key>/messages/", messages.messages, name="messages"),
    path("<slug:key>/read/", messages.read, name="read"),
    path("<slug:key>/files/", messages.files, name="files"),
    path("<slug:key>/files/<slug:file_key>/", messages.file, name="file"),
    path("<slug:key>/code/", code.code, name="code"),
]
