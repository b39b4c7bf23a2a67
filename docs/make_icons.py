"""The site's icons, drawn as its share image is: .venv/bin/python docs/make_icons.py"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from content.findable import drawing  # noqa: E402

# Where browsers look for them without being told
AT_ROOT = ROOT / "root"
LINKED = ROOT / "static" / "img"


def main() -> None:
    drawing.icon(256).save(AT_ROOT / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
    for folder, name, size in (
        (AT_ROOT, "apple-touch-icon.png", 180),
        (LINKED, "icon-192.png", 192),
        (LINKED, "icon-512.png", 512),
    ):
        (folder / name).write_bytes(drawing.png(drawing.icon(size).quantize(64)))


if __name__ == "__main__":
    main()
