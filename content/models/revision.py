"""Revision: says with one short row whether anything that visitors read has changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """One row at most. Database triggers (content/published/triggers.py) give it a new random token in the transaction
    that changes what visitors read; a restored database has another one as well."""

    token = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("revision of what is live")
        verbose_name_plural = _("revisions of what is live")
        # Nobody edits it.
        default_permissions = ()
