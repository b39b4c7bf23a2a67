"""Uploaded images: checked, stripped of what the camera added, re-encoded in three widths, named by content hash."""

from __future__ import annotations

import hashlib
import io
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image as PillowImage
from PIL import ImageOps

from content.models import Picture
from content.models.picture import FORMATS, WIDTHS, file_name, widths_of

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 25_000_000
READ_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
QUALITY = {"webp": 80, "avif": 60}


def read(file: IO[bytes], size: int) -> PillowImage.Image:
    """The picture in `file` (`size` bytes), upright, without metadata, at most as wide as the widest we keep;
    raises ValidationError with a sentence for the editor."""
    if size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 15 MB. Save it smaller and try again."))
    try:
        with PillowImage.open(file, formats=READ_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("The picture has more than 25 million pixels. Save it smaller and try again."))
            has_alpha = "A" in image.getbands() or "transparency" in image.info
            upright = ImageOps.exif_transpose(image).convert("RGBA" if has_alpha else "RGB")
    except ValidationError:
        raise
    except Exception as error:
        # Of a broken file each decoder complains in its own way: OSError, RuntimeError, struct.error, zlib.error, …
        raise ValidationError(_("The file is not a picture that can be read. Use a JPEG, PNG or WebP file.")) from error
    upright.thumbnail((WIDTHS[-1], MAX_PIXELS // WIDTHS[-1]))
    # Only the pixels: what else came along in `info` is not for readers.
    clean = PillowImage.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def store(file: IO[bytes], *, size: int, name: str) -> Picture:
    """The Picture of this content; a file that is there already is never written again. Raises ValidationError."""
    image = read(file, size)
    digest = hashlib.sha256(f"{image.mode} {image.size}".encode() + image.tobytes()).hexdigest()
    for file_format in FORMATS:
        for width in widths_of(image.width):
            _save(image, file_name(digest, width, file_format), width, file_format)
    defaults = {"name": name, "width": image.width, "height": image.height}
    return Picture.objects.get_or_create(digest=digest, defaults=defaults)[0]


def _save(image: PillowImage.Image, name: str, width: int, file_format: str) -> None:
    if default_storage.exists(name):
        return
    height = max(1, round(image.height * width / image.width))
    output = io.BytesIO()
    smaller = image.resize((width, height), PillowImage.Resampling.LANCZOS)
    smaller.save(output, file_format, quality=QUALITY[file_format])
    default_storage.save(name, ContentFile(output.getvalue()))
