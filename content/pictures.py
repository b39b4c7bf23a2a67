"""Uploaded images: checked, stripped of what the camera added, re-encoded, named by content hash."""

from __future__ import annotations

import hashlib
import io
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image as PillowImage
from PIL import ImageOps, UnidentifiedImageError

from content.models import Picture

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_WIDTH = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def encode(file: IO[bytes], size: int) -> tuple[bytes, int, int]:
    """(WebP bytes without metadata, width, height) in pixels; raises ValidationError with a sentence for the editor."""
    if size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 15 MB. Save it smaller and try again."))
    try:
        with PillowImage.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("The picture has more than 25 million pixels. Save it smaller and try again."))
            upright = ImageOps.exif_transpose(image).convert("RGBA" if "A" in image.getbands() else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
        raise ValidationError(_("The file is not a picture that can be read. Use a JPEG, PNG or WebP file.")) from error
    upright.thumbnail((MAX_WIDTH, MAX_WIDTH * 4))
    output = io.BytesIO()
    upright.save(output, "WEBP", quality=82, method=6)
    return output.getvalue(), upright.width, upright.height


def store(file: IO[bytes], *, size: int, name: str) -> Picture:
    """The Picture of this content, whose file is stored once; raises ValidationError."""
    data, width, height = encode(file, size)
    digest = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(f"{digest}.webp"):
        default_storage.save(f"{digest}.webp", ContentFile(data))
    return Picture.objects.get_or_create(digest=digest, defaults={"name": name, "width": width, "height": height})[0]
