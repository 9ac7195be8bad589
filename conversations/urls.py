from django.urls import include, path

from conversations.desk.views import (
    bulk,
    claims,
    colleagues,
    delivery,
    desk,
    files,
    help,
    history,
    mail,
    marks,
    notifications,
    opened,
    palette,
    place,
    story,
    thread,
)
from conversations.inquiries.views import inquiry, undo
from conversations.replies.views import (
    account_link,
    after_send,
    compose,
    composer,
    forward,
    provider_template,
    schedule,
    templates,
    withdraw,
)

app_name = "desk"

urlpatterns = [
    path("calls/", include("conversations.calls.urls")),
    path("desk/", desk.home, name="home"),
    path("desk/inquiries/", desk.inquiries, name="inquiries"),
    path("desk/inquiries/more/", desk.more_inquiries, name="more-inquiries"),
    path("desk/help/", help.help_words, name="help"),
    path("desk/first-day/", help.first_day, name="first-day"),
    path("desk/palette/", palette.palette, name="palette"),
    path("desk/waiting/", inquiry.waiting, name="waiting"),
    path(
        "references/<int:account_id>/<slug:reference>/",
        desk.by_reference,
        name="by-reference",
    ),
    path("conversations/<int:pk>/", desk.conversation, name="conversation"),
    path(
        "conversations/<int:pk>/workspace/", desk.workspace_fragment, name="workspace"
    ),
    path("conversations/<int:pk>/messages/", thread.messages, name="messages"),
    path(
        "conversations/<int:pk>/messages/before/<int:before>/",
        thread.earlier_messages,
        name="earlier-messages",
    ),
    path(
        "conversations/<int:pk>/messages/after/<int:after>/",
        place.later_messages,
        name="later-messages",
    ),
    path(
        "conversations/<int:pk>/messages/around/",
        place.messages_around,
        name="messages-around",
    ),
    path("conversations/<int:pk>/places/", place.places, name="places"),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/",
        thread.message,
        name="message",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/whole/",
        mail.whole,
        name="mail-whole",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/html/",
        mail.html,
        name="mail-html",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/original/",
        mail.raw,
        name="mail-raw",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/forward/",
        forward.forward,
        name="mail-forward",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/resend/",
        delivery.resend,
        name="resend",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/accept/",
        delivery.accept,
        name="accept",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/attempts/",
        delivery.attempts,
        name="attempts",
    ),
    path("conversations/<int:pk>/opened/", opened.opened, name="opened"),
    path("conversations/<int:pk>/inquiry/", thread.inquiry_bar, name="inquiry-bar"),
    path("conversations/<int:pk>/visitor/", thread.visitor, name="visitor"),
    path("conversations/<int:pk>/viewers/", thread.viewer_list, name="viewers"),
    path("conversations/<int:pk>/read/", thread.read, name="read"),
    path("conversations/<int:pk>/compose/", compose.compose, name="compose"),
    path(
        "conversations/<int:pk>/compose/closing/",
        after_send.closing,
        name="send-and-close",
    ),
    path(
        "conversations/<int:pk>/compose/snooze/",
        after_send.snooze,
        name="send-and-snooze",
    ),
    path(
        "conversations/<int:pk>/compose/state/",
        composer.state,
        name="composer-state",
    ),
    path("conversations/<int:pk>/compose/via/", composer.via, name="composer-via"),
    path(
        "conversations/<int:pk>/compose/extra/", composer.extra, name="composer-extra"
    ),
    path(
        "conversations/<int:pk>/colleagues/", colleagues.colleagues, name="colleagues"
    ),
    path("conversations/<int:pk>/templates/", templates.offered, name="templates"),
    path(
        "conversations/<int:pk>/templates/<int:template_pk>/",
        templates.filled,
        name="template",
    ),
    path("conversations/<int:pk>/files/", files.upload, name="upload"),
    path("files/<slug:key>/", files.file, name="file"),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/story/",
        story.story,
        name="story",
    ),
    path(
        "conversations/<int:pk>/provider-template/",
        provider_template.template_fields,
        name="provider-template",
    ),
    path("files/<slug:key>/preview/", files.preview, name="preview"),
    path("files/<slug:key>/fetch/", files.fetch, name="file-fetch"),
    path("conversations/<int:pk>/draft/", compose.draft, name="draft"),
    path(
        "conversations/<int:pk>/account-link/", account_link.invite, name="account-link"
    ),
    path(
        "conversations/<int:pk>/joinings/<int:joining_pk>/undo/",
        account_link.part,
        name="undo-join",
    ),
    path("claims/<int:pk>/join/", claims.join, name="claim-join"),
    path("claims/<int:pk>/part/", claims.part, name="claim-part"),
    path("claims/<int:pk>/code/", claims.code, name="claim-code"),
    path("claims/<int:pk>/code/redeem/", claims.redeem, name="claim-redeem"),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/withdraw/",
        withdraw.withdraw,
        name="withdraw",
    ),
    path("conversations/<int:pk>/pins/", marks.pins, name="pins"),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/pin/", marks.pin, name="pin"
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/unpin/",
        marks.unpin,
        name="unpin",
    ),
    path(
        "conversations/<int:pk>/messages/<int:message_pk>/react/",
        marks.react,
        name="react",
    ),
    path("conversations/<int:pk>/moments/", schedule.moments, name="moments"),
    path("conversations/<int:pk>/scheduled/", schedule.scheduled, name="scheduled"),
    path(
        "conversations/<int:pk>/scheduled/<int:scheduled_pk>/send/",
        schedule.send,
        name="scheduled-send",
    ),
    path(
        "conversations/<int:pk>/scheduled/<int:scheduled_pk>/edit/",
        schedule.edit,
        name="scheduled-edit",
    ),
    path(
        "conversations/<int:pk>/scheduled/<int:scheduled_pk>/cancel/",
        schedule.cancel,
        name="scheduled-cancel",
    ),
    path("conversations/<int:pk>/take-over/", compose.take_over, name="take-over"),
    path(
        "conversations/of-customer/<int:customer_pk>/history/",
        history.customer_history,
        name="history",
    ),
    path("inquiries/bulk/take/", bulk.take, name="bulk-take"),
    path("inquiries/bulk/assign/", bulk.assign, name="bulk-assign"),
    path("inquiries/bulk/close/", bulk.close, name="bulk-close"),
    path("inquiries/bulk/snooze/", bulk.snooze, name="bulk-snooze"),
    path("inquiries/bulk/read/", bulk.read, name="bulk-read"),
    path("inquiries/bulk/undo/", bulk.undo, name="bulk-undo"),
    path("inquiries/<int:pk>/timeline/", thread.timeline, name="timeline"),
    path("inquiries/<int:pk>/take/", inquiry.take, name="take"),
    path("inquiries/<int:pk>/assign/", inquiry.assign, name="assign"),
    path("inquiries/<int:pk>/status/", inquiry.set_status, name="status"),
    path("inquiries/<int:pk>/reason/", inquiry.set_reason, name="reason"),
    path("inquiries/<int:pk>/close/", inquiry.close, name="close"),
    path("inquiries/<int:pk>/reopen/", inquiry.reopen, name="reopen"),
    path("inquiries/<int:pk>/snooze/", inquiry.snooze, name="snooze"),
    path("inquiries/<int:pk>/wake/", inquiry.wake, name="wake"),
    path("inquiries/<int:pk>/undo/", undo.undo, name="undo"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/seen/", notifications.all_seen, name="all-seen"),
    path(
        "notifications/<int:pk>/", notifications.open_notification, name="notification"
    ),
]
