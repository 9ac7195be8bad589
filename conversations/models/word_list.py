from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agentdesk.accounts.models import ClientAccount

MOST_LINES = 300
LONGEST_LINE = 120


class WordList(models.Model):
    """The words an account wants its people warned of before they send them.

    A line is a word, or `word → better word`.
    """

    account = models.OneToOneField(
        ClientAccount, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    lines = ArrayField(
        models.CharField(max_length=LONGEST_LINE), default=list, blank=True
    )

    def __str__(self) -> str:
        return f"word_list {self.account_id}"
