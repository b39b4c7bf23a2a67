"""WritingRule: the word lists of the writing help, as data that staff edit."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.writing.rules import RuleKind


class WritingRule(models.Model):
    kind = models.CharField(_("kind"), max_length=12, choices=RuleKind.choices)
    language = models.CharField(_("language"), max_length=8, default="en")
    phrase = models.CharField(
        _("words"),
        max_length=80,
        help_text=_("Whole words, in any case. An asterisk at the end of a word stands for any ending."),
    )
    suggestion = models.CharField(_("better"), max_length=200, blank=True, help_text=_("What to write instead."))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("writing rule")
        verbose_name_plural = _("writing rules")
        ordering = ["language", "kind", "phrase"]
        constraints = [models.UniqueConstraint(fields=["language", "kind", "phrase"], name="writingrule_unique")]

    def __str__(self) -> str:
        return self.phrase
