from django.urls import path

from conversations.views import (
    settings_new_account,
    settings_oauth,
    settings_phones,
    settings_queue,
    settings_reasons,
    settings_webchats,
)

app_name = "settings_desk"
_ACCOUNT = "<slug:slug>/"
_REASON = f"{_ACCOUNT}reasons/<int:pk>/"
_WEBCHAT = f"{_ACCOUNT}webchats/<int:pk>/"
_PHONE = f"{_ACCOUNT}phones/<int:pk>/"
urlpatterns = [
    path("new/", settings_new_account.new_account, name="new"),
    path("new/slug/", settings_new_account.suggest_slug, name="new-slug"),
    path(
        "mailboxes/signed-in/",
        settings_oauth.signed_in_there,
        name="mailbox-signed-in",
    ),
    path(
        f"{_ACCOUNT}mailboxes/<int:pk>/sign-in/",
        settings_oauth.sign_in,
        name="mailbox-sign-in",
    ),
    path(f"{_ACCOUNT}queue/", settings_queue.queue, name="queue"),
    path(f"{_ACCOUNT}hours/now/", settings_queue.hours_now, name="hours-now"),
    path(f"{_ACCOUNT}reasons/", settings_reasons.reasons, name="reasons"),
    path(
        f"{_ACCOUNT}reasons/list/", settings_reasons.reasons_region, name="reasons-list"
    ),
    path(_REASON, settings_reasons.reason, name="reason"),
    path(f"{_REASON}child/", settings_reasons.reason_child, name="reason-child"),
    path(f"{_REASON}move/", settings_reasons.move_reason, name="reason-move"),
    path(f"{_REASON}retire/", settings_reasons.retire_reason, name="reason-retire"),
    path(f"{_REASON}restore/", settings_reasons.restore_reason, name="reason-restore"),
    path(f"{_ACCOUNT}webchats/", settings_webchats.webchats, name="webchats"),
    path(_WEBCHAT, settings_webchats.webchat, name="webchat"),
    path(f"{_WEBCHAT}secret/", settings_webchats.rotate_secret, name="webchat-secret"),
    path(f"{_ACCOUNT}phones/", settings_phones.phones, name="phones"),
    path(f"{_ACCOUNT}phones/new/", settings_phones.create_phone, name="phone-new"),
    path(f"{_ACCOUNT}extensions/", settings_phones.extensions, name="extensions"),
    path(_PHONE, settings_phones.phone, name="phone"),
    path(f"{_PHONE}keys/", settings_phones.create_key, name="key-create"),
    path(
        f"{_PHONE}keys/<int:key_pk>/revoke/",
        settings_phones.revoke_key,
        name="key-revoke",
    ),
]
