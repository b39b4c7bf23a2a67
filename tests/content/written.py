"""What writing help says about small pages."""

from __future__ import annotations

from typing import Any

from content.writing import Context, Finding, Rules, check_document, default_rows

RULES = {language: Rules.of(language, default_rows(language)) for language in ("en", "es")}
CONTEXT = Context(
    known_pages=frozenset({"live", "draft"}),
    live_pages=frozenset({"live"}),
    live_paths=frozenset({"/", "/goals/", "/admissions/"}),
)
LONG = " ".join(["Word"] * 26) + "."


def findings(*blocks: dict[str, Any], language: str = "en", **fields: Any) -> list[Finding]:
    document = {"schema": 1, "uid": "page", "title": "A title", "summary": "A short answer."} | fields
    document["blocks"] = [{"uid": f"block-{number}"} | block for number, block in enumerate(blocks, start=1)]
    return check_document(document, rules=RULES[language], look_up=lambda _named: CONTEXT)


def text(body: str) -> dict[str, Any]:
    return {"type": "rich_text", "body": body}


def rules_of(*blocks: dict[str, Any], **fields: Any) -> list[str]:
    return [finding.rule for finding in findings(*blocks, **fields)]


REFERENCE = {
    "type": "reference",
    "citation": "McCarty D. Substance abuse programs. 2014.",
    "doi": "",
    "url": "",
    "note": "",
}
