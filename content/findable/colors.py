"""The colors of the site's mark, for what is not a stylesheet."""

from __future__ import annotations

PAPER = "#fbf8f3"
EVERGREEN = "#17594f"
