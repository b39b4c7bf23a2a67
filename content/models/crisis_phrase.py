"""CrisisPhrase: words by which somebody may be in danger, as data that staff edit."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.searching.words import folded_phrase


class CrisisPhrase(models.Model):
    """While a language has none, the lists that the software brings hold (content/searching/crisis.py)."""

    language = models.CharField(_("language"), max_length=8, default="en")
    phrase = models.CharField(_("words"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)
    # Two of them that are read in the same way are the same.
    folded = models.TextField(editable=False)

    class Meta:
        verbose_name = _("word of crisis")
        verbose_name_plural = _("words of crisis")
        ordering = ["language", "phrase"]
        constraints = [models.UniqueConstraint(fields=["language", "folded"], name="crisisphrase_unique")]

    def __str__(self) -> str:
        return self.phrase

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        self.folded = folded_phrase(self.phrase)
        if update_fields is not None and "phrase" in update_fields:
            update_fields = {*update_fields, "folded"}
        super().save(*args, update_fields=update_fields, **kwargs)
