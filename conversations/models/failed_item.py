from __future__ import annotations

from django.db import models


class FailedItem(models.Model):
    """A row that made a sweep fail: left alone until `retry_at`, so others get on.

    `work` names the sweep, `item` is the row's key. It goes once the row succeeds.
    """

    work = models.CharField(max_length=40)
    item = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    retry_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "item"], name="failed_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.item}"
