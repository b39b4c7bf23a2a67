"""What the site itself remembers: mail that it owes somebody, and when its worker was last seen."""

from __future__ import annotations

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _


class OwedMail(models.Model):
    """An e-mail that no server has taken yet. Its key is made of what it says: the same one is owed once.

    Nothing personal but the address of whom it is for; a server's own words may quote anything and are not kept.
    """

    class Fault(models.TextChoices):
        SERVER = "server"
        RECIPIENT = "recipient"
        MAIL = "mail"

    digest = models.CharField(max_length=64, primary_key=True)
    recipient = models.EmailField(_("recipient"))
    subject = models.TextField(_("subject"))
    body = models.TextField()
    owed_since = models.DateTimeField(_("owed since"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_index=True)
    # While it is being sent: until when nobody else sends it.
    claimed_until = models.DateTimeField(null=True)
    # The class of the last exception and the server's number, such as "SMTPRecipientsRefused 450".
    problem = models.CharField(_("last problem"), max_length=80)
    # Whom the last failure concerns; empty while there was none.
    fault = models.CharField(max_length=9, choices=Fault.choices)
    # Of what is put around it when it goes out together with others.
    language = models.CharField(max_length=12)
    is_urgent = models.BooleanField(default=False, db_default=False)
    # While it was being sent, so that what is on its way may be older than what it tells of.
    is_asked_again = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("owed e-mail")
        verbose_name_plural = _("owed e-mails")
        # Newest last, as they are sent.
        ordering = ["owed_since", "pk"]
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return self.subject

    @staticmethod
    def digest_of(recipient: str, subject: str, body: str) -> str:
        return hashlib.sha256(f"{recipient}\0{subject}\0{body}".encode()).hexdigest()


class WorkerBeat(models.Model):
    """One row: when any worker of this site was last seen at work."""

    PK = 1

    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
