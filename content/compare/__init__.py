"""Two frozen documents → what a reader would see change, block by block and word by word.

Touches no database and marks nothing as safe: every text here is a plain string, for templates to escape.
"""

from __future__ import annotations

from content.compare.documents import BlockChange, Comparison, FieldChange, compare, summary_of
from content.compare.segments import Segment

__all__ = ["BlockChange", "Comparison", "FieldChange", "Segment", "compare", "summary_of"]
