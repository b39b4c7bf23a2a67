"""Picture: an image that was checked and re-encoded once, and is named by the hash of its content."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    digest = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True, editable=False)
    name = models.CharField(
        _("name"), max_length=120, help_text=_("For staff, to find it again. Readers do not see it.")
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.width} × {self.height})"

    @property
    def file_name(self) -> str:
        return f"{self.digest}.webp"

    def get_absolute_url(self) -> str:
        return reverse("content:picture", args=[self.digest])

    def exists(self) -> bool:
        return default_storage.exists(self.file_name)
