"""Where an enquiry stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnquiryStatus(models.TextChoices):
    NEW = "new", _("New")
    IN_CONTACT = "in_contact", _("In contact")
    SCHEDULED = "scheduled", _("Scheduled")
    ADMITTED = "admitted", _("Admitted")
    REFERRED = "referred", _("Referred elsewhere")
    CLOSED = "closed", _("Closed")
    # By the visitor; what was written is erased, and nothing follows.
    WITHDRAWN = "withdrawn", _("Withdrawn")
