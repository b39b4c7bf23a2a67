"""Writing help: what the checks say about a page, offline, at save and before publishing.

Works on frozen documents, touches no database. The lists begin in rules_*.toml; staff edit them as data.
"""

from __future__ import annotations

from content.writing.checks import Context, Destinations, check_document, page_grade
from content.writing.findings import Finding, Severity
from content.writing.rules import RuleKind, Rules, default_rows

__all__ = [
    "Context",
    "Destinations",
    "Finding",
    "RuleKind",
    "Rules",
    "Severity",
    "check_document",
    "default_rows",
    "page_grade",
]
