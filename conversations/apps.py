from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "conversations"

    def ready(self) -> None:
        import conversations.registration.checks  # noqa: F401, PLC0415  # it registers itself
        from agentdesk.accounts import handover  # noqa: PLC0415
        from agentdesk.audit import names  # noqa: PLC0415
        from agentdesk.live import topics  # noqa: PLC0415  # models must be loaded
        from agentdesk.web import settings_pages  # noqa: PLC0415
        from conversations.adapters.events import CallEvent  # noqa: PLC0415
        from conversations.calls.actions.call_event import apply_call_event  # noqa: PLC0415
        from conversations.desk.actions.hand_over import HANDOVER  # noqa: PLC0415
        from conversations.inbound import apply  # noqa: PLC0415
        from conversations.inquiries.selectors.watchers import (  # noqa: PLC0415
            newest_messages,
            watchable_conversations,
            watchable_inboxes,
        )
        from conversations.registration import signals  # noqa: PLC0415
        from conversations.registration.audit_words import (  # noqa: PLC0415
            FIELDS,
            NOUNS,
            VALUES,
            VERBS,
        )
        from conversations.registration.kinds import channel_kinds  # noqa: PLC0415
        from conversations.registration.settings_entries import ENTRIES  # noqa: PLC0415
        from customers import kinds  # noqa: PLC0415

        signals.connect()
        for kind in channel_kinds():
            kinds.register(kind)
        names.register(nouns=NOUNS, verbs=VERBS, fields=FIELDS, values=VALUES)
        apply.register(CallEvent, apply_call_event)
        topics.register("conversation", watchable_conversations, newest_messages)
        topics.register("inbox", watchable_inboxes)
        handover.register(HANDOVER)
        settings_pages.register(*ENTRIES)
