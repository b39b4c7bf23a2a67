"""Picture: an image that was checked and re-encoded once, and is named by the hash of its content."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

# The widths in pixels that a picture is kept in, as far as it is that wide: a phone, a wide phone, a desktop.
WIDTHS = (480, 960, 1600)
FORMATS = ("avif", "webp")


def widths_of(width: int) -> list[int]:
    """The widths in which a picture `width` pixels wide is kept."""
    return [smaller for smaller in WIDTHS if smaller < width] + ([width] if width <= WIDTHS[-1] else [])


def file_name(digest: str, width: int, file_format: str) -> str:
    return f"{digest}-{width}.{file_format}"


def url_of(digest: str, width: int, file_format: str) -> str:
    return f"/media/{file_name(digest, width, file_format)}"


class Picture(models.Model):
    digest = models.CharField(_("SHA-256 of the content"), max_length=64, unique=True, editable=False)
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

    def file_names(self) -> list[str]:
        return [
            file_name(self.digest, width, file_format) for file_format in FORMATS for width in widths_of(self.width)
        ]

    def is_complete(self) -> bool:
        """Whether every file of it is there."""
        return all(default_storage.exists(name) for name in self.file_names())


def thumbnail_of(picture: Picture) -> str:
    """The address of its smallest file."""
    return url_of(picture.digest, widths_of(picture.width)[0], "webp")
