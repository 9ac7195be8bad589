"""What has happened to messages since they were written, read along with them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from conversations.models import Message, MessageEdit, MessageReaction


def with_changes(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Each with `shown_reactions`, ours first, and its `earlier_texts`, oldest first.

    They come in the same statement: most messages have none, and nearly every page of
    a thread would pay two queries to learn that.
    """
    reactions = MessageReaction.objects.filter(message=OuterRef("pk"))
    edits = MessageEdit.objects.filter(message=OuterRef("pk"))
    return messages.annotate(
        shown_reactions=ArraySubquery(
            reactions.exclude(emoji="")
            .order_by("-side")
            .values(each=JSONObject(side="side", emoji="emoji"))
        ),
        earlier_texts=ArraySubquery(
            edits.order_by("edited_at").values(
                each=JSONObject(body="body", until="edited_at")
            )
        ),
    )
