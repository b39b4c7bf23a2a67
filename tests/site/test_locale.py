"""Translations of what visitors see: whole, true to their placeholders, and compiled."""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import call_command
from pytest_django import Settings

from tests.run import IS_CI

CATALOGS = sorted(Path(site.BASE_DIR, "locale").glob("*/LC_MESSAGES/django.po"))
LANGUAGES = [path.parts[-3] for path in CATALOGS]
SOURCES = ("admissions", "content", "iop_site", "locale", "templates")
NEEDED = re.compile(r"<[a-z/]+|tel:\+?\d+|sms:\d+")
MARKUP = re.compile(rf"{NEEDED.pattern}|%\(\w+\)[sd]")
pytestmark = pytest.mark.skipif(not (shutil.which("msgfmt") or IS_CI), reason="no gettext on this machine")


def compiled(po: Path, folder: Path) -> Path:
    """Raises CalledProcessError where a placeholder of a translation is not that of its original."""
    target = folder / f"{po.parts[-3]}.mo"
    subprocess.run(["msgfmt", "--check-format", f"--output-file={target}", po], check=True, capture_output=True)
    return target


def words_in(mo: Path) -> dict[object, str]:
    with mo.open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)


def pairs(po: Path) -> Iterator[tuple[str, str]]:
    """(original, translation); of a plural each form with the original of many."""
    for entry in po.read_text(encoding="utf-8").split("\n\n")[1:]:
        said = dict(re.findall(r'^(msg[a-z_]+(?:\[\d\])?) "(.*)"$', entry, re.MULTILINE))
        original = said.get("msgid_plural") or said["msgid"]
        yield from ((original, text) for name, text in said.items() if name.startswith("msgstr"))


def test_every_other_language_has_a_translation() -> None:
    assert set(LANGUAGES) == {code for code, _name in site.LANGUAGES} - {site.LANGUAGE_CODE}


@pytest.mark.parametrize("po", CATALOGS, ids=LANGUAGES)
def test_what_is_compiled_says_what_the_translation_says(po: Path, tmp_path: Path) -> None:
    assert words_in(compiled(po, tmp_path)) == words_in(po.with_suffix(".mo"))


def test_every_word_that_visitors_see_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    unread = shutil.ignore_patterns("__pycache__", "migrations")
    for name in SOURCES:
        shutil.copytree(site.BASE_DIR / name, tmp_path / name, ignore=unread)
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    call_command("makemessages", locale=LANGUAGES, verbosity=0)
    for language in LANGUAGES:
        po = tmp_path / "locale" / language / "LC_MESSAGES" / "django.po"
        lacking = subprocess.run(
            ["msgattrib", "--untranslated", "--no-wrap", po], check=True, capture_output=True, text=True
        ).stdout
        fuzzy = subprocess.run(
            ["msgattrib", "--only-fuzzy", "--no-wrap", po], check=True, capture_output=True, text=True
        ).stdout
        assert not lacking, f"{language} lacks:\n{lacking}"
        assert not fuzzy, f"{language} is not sure of:\n{fuzzy}"


@pytest.mark.parametrize("po", CATALOGS, ids=LANGUAGES)
def test_a_translation_keeps_links_numbers_and_placeholders(po: Path) -> None:
    for original, text in pairs(po):
        assert set(MARKUP.findall(text)) <= set(MARKUP.findall(original)), original
        for needed in set(NEEDED.findall(original)):
            assert needed in text, original


def test_the_words_of_staff_are_not_collected() -> None:
    for po in CATALOGS:
        assert not re.search(r"^#: .*(templates/admin|content/admin)", po.read_text(encoding="utf-8"), re.MULTILINE)


def test_a_note_to_translators_ends_its_line() -> None:
    """What follows it on the line would not be collected."""
    for path in Path(site.BASE_DIR, "templates").rglob("*.html"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "Translators" not in line or "{% translate" not in line.partition("Translators")[2], path
