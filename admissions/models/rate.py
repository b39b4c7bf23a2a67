"""RateCount: how many enquiries came from where, without saying from where."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """`key`: a keyed digest of an address, or 'all'. `hour`: hours since 1970. Rows of past hours are of no use."""

    key = models.CharField(max_length=64)
    hour = models.PositiveIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="ratecount_once_an_hour")]
        indexes = [models.Index(fields=["hour"], name="ratecount_hour")]

    def __str__(self) -> str:
        return f"{self.hour}: {self.count}"
