"""Calls: included at /calls/ in the namespace of the desk."""

from django.urls import path

from conversations.calls.views import call_box, call_strip, calls, promises

urlpatterns = [
    path("", calls.calls, name="calls"),
    path("shown/", calls.shown_calls, name="calls-shown"),
    path("more/", calls.more_calls, name="more-calls"),
    path("find/", call_box.find, name="call-find"),
    path("open/<int:customer_pk>/", call_box.open_customer, name="call-open"),
    path("start/", call_box.start, name="call-start"),
    path("strip/", call_strip.strip, name="call-strip"),
    path("strip/rings/", call_strip.rings, name="call-rings"),
    path("strip/head/", call_strip.head, name="call-head"),
    path("strip/notes/", call_strip.notes, name="call-notes"),
    path("<int:pk>/answer/", call_strip.answer, name="call-answer"),
    path("<int:pk>/customer/", call_strip.choose, name="call-customer"),
    path("<int:pk>/hold/", call_strip.hold, name="call-hold"),
    path("<int:pk>/unhold/", call_strip.unhold, name="call-unhold"),
    path("<int:pk>/end/", call_strip.end, name="call-end"),
    path("<int:pk>/number/", call_strip.bind_number, name="call-number"),
    path("<int:pk>/draft/", call_strip.draft, name="call-draft"),
    path("<int:pk>/wrap-up/", call_strip.wrap_up, name="call-wrap-up"),
    path("<int:pk>/finish/", call_strip.finish, name="call-finish"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
    path("promises/<int:pk>/done/", promises.promise_done, name="promise-done"),
    path("promises/<int:pk>/reopen/", promises.promise_reopen, name="promise-reopen"),
    path("follow-ups/<int:pk>/done/", calls.follow_up_done, name="follow-up-done"),
    path(
        "follow-ups/<int:pk>/reopen/", calls.follow_up_reopen, name="follow-up-reopen"
    ),
]
