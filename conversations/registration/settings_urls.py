from django.urls import path

from conversations.inboxes.views import connection as settings_connection
from conversations.inboxes.views import inbox as settings_inbox
from conversations.inboxes.views import inboxes as settings_inboxes
from conversations.inboxes.views import keys as settings_keys
from conversations.inboxes.views import oauth as settings_oauth
from conversations.inboxes.views import phones as settings_phones
from conversations.inboxes.views import quarantine as settings_quarantine
from conversations.inboxes.views import queue as settings_queue
from conversations.inboxes.views import webchats as settings_webchats
from conversations.inquiries.views import settings_reasons
from conversations.replies.views import (
    settings_sending,
    settings_template_folder,
    settings_template_move,
    settings_template_rows,
    settings_templates,
)
from conversations.setup.views import new_account as settings_new_account

app_name = "settings_desk"
_ACCOUNT = "<slug:slug>/"
_REASON = f"{_ACCOUNT}reasons/<int:pk>/"
_TEMPLATE = f"{_ACCOUNT}templates/<int:pk>/"
_WEBCHAT = f"{_ACCOUNT}webchats/<int:pk>/"
_INBOXES = f"{_ACCOUNT}inboxes/"
_INBOX = f"{_INBOXES}<int:pk>/"
_CONNECTION = f"{_INBOX}connection/"
_EVENTS = f"{_ACCOUNT}quarantine/"
_EVENT = f"{_EVENTS}<int:pk>/"
_PHONE = f"{_ACCOUNT}phones/<int:pk>/"
urlpatterns = [
    path("new/", settings_new_account.new_account, name="new"),
    path("new/slug/", settings_new_account.suggest_slug, name="new-slug"),
    path(
        "mailboxes/signed-in/",
        settings_oauth.signed_in_there,
        name="inbox-signed-in",
    ),
    path(
        f"{_ACCOUNT}mailboxes/<int:pk>/sign-in/",
        settings_oauth.sign_in,
        name="inbox-sign-in",
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
    path(f"{_ACCOUNT}templates/", settings_templates.templates, name="templates"),
    path(
        f"{_ACCOUNT}templates/list/",
        settings_templates.templates_region,
        name="templates-list",
    ),
    path(
        f"{_ACCOUNT}templates/new/",
        settings_templates.create_template,
        name="template-new",
    ),
    path(
        f"{_ACCOUNT}templates/preview/",
        settings_templates.preview,
        name="template-preview",
    ),
    path(
        f"{_ACCOUNT}templates/folder/",
        settings_template_folder.template_folder,
        name="template-folder",
    ),
    path(
        f"{_ACCOUNT}templates/import/",
        settings_template_rows.import_templates,
        name="templates-import",
    ),
    path(
        f"{_ACCOUNT}templates/export/",
        settings_template_rows.export_templates,
        name="templates-export",
    ),
    path(_TEMPLATE, settings_templates.template, name="template"),
    path(f"{_TEMPLATE}move/", settings_template_move.move, name="template-move"),
    path(
        f"{_TEMPLATE}folder/",
        settings_template_move.to_folder,
        name="template-to-folder",
    ),
    path(f"{_TEMPLATE}retire/", settings_templates.retire, name="template-retire"),
    path(f"{_TEMPLATE}restore/", settings_templates.restore, name="template-restore"),
    path(f"{_ACCOUNT}sending/", settings_sending.sending, name="sending"),
    path(_INBOXES, settings_inboxes.inboxes, name="inboxes"),
    path(f"{_INBOXES}new/", settings_inboxes.new_inbox, name="inbox-new"),
    path(_INBOX, settings_inbox.inbox, name="inbox"),
    path(f"{_INBOX}state/", settings_inbox.state, name="inbox-state"),
    path(f"{_INBOX}delete/", settings_inbox.delete, name="inbox-delete"),
    path(f"{_INBOX}partial/", settings_inbox.partial, name="inbox-partial"),
    path(f"{_INBOX}texts/", settings_inbox.texts, name="inbox-texts"),
    path(f"{_INBOX}hours/", settings_inbox.hours, name="inbox-hours"),
    path(f"{_INBOX}failures/", settings_inboxes.failures, name="inbox-failures"),
    path(f"{_INBOX}keys/", settings_keys.create, name="inbox-key-create"),
    path(
        f"{_INBOX}keys/<int:key_pk>/revoke/",
        settings_keys.revoke,
        name="inbox-key-revoke",
    ),
    path(_CONNECTION, settings_connection.connection, name="connection"),
    path(f"{_CONNECTION}shape/", settings_connection.shape, name="connection-shape"),
    path(f"{_CONNECTION}field/", settings_connection.field, name="connection-field"),
    path(
        f"{_CONNECTION}earlier/",
        settings_connection.forget_earlier,
        name="connection-earlier",
    ),
    path(f"{_INBOX}steps/", settings_connection.steps, name="inbox-steps"),
    path(f"{_INBOX}arrival/", settings_connection.arrival, name="inbox-arrival"),
    path(f"{_INBOX}check/", settings_connection.check, name="inbox-check"),
    path(f"{_INBOX}sandbox/", settings_connection.sandbox, name="inbox-sandbox"),
    path(_EVENTS, settings_quarantine.quarantine, name="quarantine"),
    path(_EVENT, settings_quarantine.event, name="event"),
    path(f"{_EVENT}again/", settings_quarantine.again, name="event-again"),
    path(f"{_EVENT}discard/", settings_quarantine.throw_away, name="event-discard"),
    path(f"{_ACCOUNT}webchats/", settings_webchats.webchats, name="webchats"),
    path(_WEBCHAT, settings_webchats.webchat, name="webchat"),
    path(f"{_WEBCHAT}sandbox/", settings_webchats.sandbox, name="webchat-sandbox"),
    path(f"{_WEBCHAT}secret/", settings_webchats.rotate_secret, name="webchat-secret"),
    path(f"{_ACCOUNT}phones/", settings_phones.phones, name="phones"),
    path(f"{_ACCOUNT}phones/new/", settings_phones.create_phone, name="phone-new"),
    path(f"{_ACCOUNT}extensions/", settings_phones.extensions, name="extensions"),
    path(_PHONE, settings_phones.phone, name="phone"),
    path(f"{_PHONE}calls/", settings_phones.calls, name="phone-calls"),
    path(f"{_PHONE}keys/", settings_phones.create_key, name="key-create"),
    path(
        f"{_PHONE}keys/<int:key_pk>/revoke/",
        settings_phones.revoke_key,
        name="key-revoke",
    ),
]
