"""The site's mark and the share image, drawn with Pillow: a window with the light on, nothing that says for whom."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from content.findable.colors import EVERGREEN, PAPER

FONT = Path(__file__).parent / "fonts" / "Gelasio-Regular.woff"
SHARE_SIZE = (1200, 630)
INK, LIGHT, TINT = "#1d2b2a", "#f2b84b", "#fff3d6"
# Drawn larger and made smaller, so that round edges are smooth.
FINER = 4
NAME_LEFT, NAME_WIDTH, MOST_LINES = 96, 620, 3
LARGEST, SMALLEST = 88, 40
# The font has the letters of western Europe; a name in others is left to the words beside the picture.
LAST_LETTER = 0xFF


def png(image: Image.Image) -> bytes:
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()


def icon(size: int) -> Image.Image:
    """The mark on evergreen to the edges, inside the circle that a launcher may cut out (`maskable`)."""
    side = size * FINER
    image = Image.new("RGB", (side, side), EVERGREEN)
    width = side * 0.4
    _window(
        ImageDraw.Draw(image), x=(side - width) / 2, top=side * 0.2, width=width, bottom=side * 0.74, bars=EVERGREEN
    )
    _sill(ImageDraw.Draw(image), x=side * 0.22, y=side * 0.74, width=side * 0.56, colour="#fff")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def share_image(name: str) -> Image.Image:
    """1200 × 630: the name of the program beside a window in the morning."""
    large = Image.new("RGB", (SHARE_SIZE[0] * FINER, SHARE_SIZE[1] * FINER), PAPER)
    draw = ImageDraw.Draw(large)
    x, width, bottom = 800 * FINER, 250 * FINER, 460 * FINER
    floor = [(x, bottom), (x + width, bottom), (x + width + 90 * FINER, 630 * FINER), (x - 90 * FINER, 630 * FINER)]
    draw.polygon(floor, fill=TINT)
    _window(draw, x=x, top=96 * FINER, width=width, bottom=bottom, bars=EVERGREEN, outline=EVERGREEN)
    _sill(draw, x=x - 34 * FINER, y=bottom, width=width + 68 * FINER, colour=EVERGREEN)
    image = large.resize(SHARE_SIZE, Image.Resampling.LANCZOS)
    if name and all(ord(letter) <= LAST_LETTER for letter in name):
        _name(ImageDraw.Draw(image), name)
    return image


def _window(
    draw: ImageDraw.ImageDraw, *, x: float, top: float, width: float, bottom: float, bars: str, outline: str = ""
) -> None:
    """A round-arched window with one upright and one cross bar."""
    middle, stroke = top + width / 2, round(width / 16)
    if outline:
        edge = stroke
        draw.ellipse([x - edge, top - edge, x + width + edge, top + width + edge], fill=outline)
        draw.rectangle([x - edge, middle, x + width + edge, bottom], fill=outline)
    draw.ellipse([x, top, x + width, top + width], fill=LIGHT)
    draw.rectangle([x, middle, x + width, bottom], fill=LIGHT)
    centre = x + width / 2
    draw.rectangle([centre - stroke / 2, top - stroke, centre + stroke / 2, bottom], fill=bars)
    draw.rectangle([x, middle + width * 0.12, x + width, middle + width * 0.12 + stroke], fill=bars)


def _sill(draw: ImageDraw.ImageDraw, *, x: float, y: float, width: float, colour: str) -> None:
    height = width / 22
    draw.rounded_rectangle([x, y, x + width, y + height], radius=height / 2, fill=colour)


def _name(draw: ImageDraw.ImageDraw, name: str) -> None:
    """As large as it fits, on up to three lines, over a short rule of light; nothing if it does not fit."""
    for size in range(LARGEST, SMALLEST - 1, -4):
        font = ImageFont.truetype(FONT, size)
        lines = _lines(name, font)
        if len(lines) <= MOST_LINES and all(font.getlength(line) <= NAME_WIDTH for line in lines):
            break
    else:
        return
    height = round(size * 1.2)
    top = (SHARE_SIZE[1] - height * len(lines)) // 2 - 12
    for number, line in enumerate(lines):
        draw.text((NAME_LEFT, top + number * height), line, font=font, fill=INK)
    rule = top + height * len(lines) + 20
    draw.rectangle([NAME_LEFT, rule, NAME_LEFT + 96, rule + 6], fill=LIGHT)


def _lines(name: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in name.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= NAME_WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
