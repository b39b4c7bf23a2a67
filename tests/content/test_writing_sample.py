"""The pages that the site ships with are held to what it asks of its editors."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from content.models.page import path_of
from content.sample_program import SAMPLE_DIR
from content.writing import Context, Finding, Rules, Severity, check_document, default_rows, page_grade
from content.writing_help import site_paths

FILES = sorted(SAMPLE_DIR.glob("*/*.toml"))
RULES = {language: Rules.of(language, default_rows(language)) for language in ("en", "es")}


def document_of(path: Path) -> dict[str, Any]:
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    blocks = [{"uid": str(number)} | block for number, block in enumerate(file["blocks"], start=1)]
    return file | {"schema": 1, "uid": file["slug"], "blocks": blocks}


def findings(path: Path) -> list[Finding]:
    language = path.parent.name
    slugs = frozenset(other.stem for other in FILES if other.parent == path.parent)
    live_paths = site_paths() | {path_of(slug, language) for slug in slugs}
    context = Context(known_pages=slugs, live_pages=slugs, live_paths=live_paths)
    return check_document(document_of(path), rules=RULES[language], look_up=lambda _named: context)


by_page = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")


@by_page
def test_nothing_stands_in_the_way_of_publishing_a_sample_page(path: Path) -> None:
    assert [finding for finding in findings(path) if finding.severity == Severity.BLOCKS] == []


@by_page
def test_a_sample_page_is_easy_to_read_and_hurts_nobody(path: Path) -> None:
    assert [finding for finding in findings(path) if finding.rule in {"wording", "grade", "link-text"}] == []
    if path.parent.name == "en":
        assert page_grade(document_of(path), rules=RULES["en"]) is not None
