"""Revision: says with one short row whether anything that visitors read has changed."""

from __future__ import annotations

from django.db import models


class Revision(models.Model):
    """One row at most. Database triggers (content/published/triggers.py) give it a new random token in the transaction
    that changes what visitors read; a restored database has another one as well."""

    token = models.CharField(max_length=32)

    class Meta:
        # Nobody edits it.
        default_permissions = ()
