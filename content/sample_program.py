"""The sample program that the site ships with: TOML files in content/sample/ → drafts → published."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from content import reviewing
from content.blocks import ORDER_STEP, Block
from content.links import indexed, to_stored
from content.models import (
    ClinicalReview,
    LevelOfCare,
    LevelText,
    OfficeHours,
    Page,
    PageVersion,
    SiteSettings,
    SiteText,
)
from content.publishing import publish
from content.restoring import BLOCK_BY_TYPE
from content.richtext import RICH_FIELDS

SAMPLE_DIR = Path(__file__).parent / "sample"
SAMPLE_ROLE = gettext_noop("a sample reviewer (sample data, not a real review)")
SAMPLE_CREDENTIAL = "None: sample data"
SAMPLE_NOTE = gettext_noop("Sample program")


def is_empty() -> bool:
    """True while nobody has made a page or saved the settings: the sample is never loaded over staff's work."""
    return not (Page.objects.exists() or SiteSettings.objects.exists() or LevelOfCare.objects.exists())


def page_files(language: str) -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((SAMPLE_DIR / language).glob("*.toml"))]


def load() -> Iterator[Page]:
    """Yield each page as it is published, in every language of the site that the sample has, the first one first; all
    or nothing, in one transaction that the caller drives to its end."""
    sources: dict[str, PageVersion] = {}
    with transaction.atomic():
        load_site(tomllib.loads((SAMPLE_DIR / "site.toml").read_text(encoding="utf-8")))
        for language, _name in settings.LANGUAGES:
            for page in _make_pages(page_files(language), language, sources):
                # In its own words: the note and the role are shown beside the text.
                with translation.override(language):
                    version = publish(page=page, by=None, change_note=gettext(SAMPLE_NOTE)).version
                    if page.section == Page.Section.GUIDE:
                        _sign(version)
                if language == settings.LANGUAGE_CODE:
                    sources[page.slug] = version
                yield page


def _make_pages(files: list[dict[str, Any]], language: str, sources: dict[str, PageVersion]) -> list[Page]:
    """The drafts; `sources`: by address, the versions in the first language that they say in `language`."""
    files = sorted(files, key=lambda file: (file["section"], file["order"]))
    pages = {file["slug"]: _make_page(file, language, sources) for file in files}
    with indexed():
        for file in files:
            page = pages[file["slug"]]
            # A language need not have every page.
            page.related_pages.set([pages[slug] for slug in file["related"] if slug in pages])
            _make_blocks(page, file["blocks"], pages)
    return list(pages.values())


def _sign(version: PageVersion) -> None:
    """As reviewed by nobody: the page shows where its review would stand, and that this one is none."""
    signed_on = reviewing.today()
    review = ClinicalReview(
        version=version,
        digest=version.digest,
        public_role=gettext(SAMPLE_ROLE),
        credential=SAMPLE_CREDENTIAL,
        are_references_checked=False,
        signed_on=signed_on,
        due_on=reviewing.default_due(signed_on),
    )
    review.full_clean(exclude=["reviewer"])
    review.save()


def load_site(data: dict[str, Any]) -> None:
    site = SiteSettings(pk=SiteSettings.PK, **{name: value for name, value in data["site"].items() if name != "texts"})
    site.full_clean(validate_unique=False)
    site.save()
    _add_texts(SiteText, data["site"], site=site)
    for hours in data["office_hours"]:
        opens_at, closes_at = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
        OfficeHours.objects.create(site=site, weekday=hours["weekday"], opens_at=opens_at, closes_at=closes_at)
    for level in data["levels"]:
        record = LevelOfCare(**{name: _exact(value) for name, value in level.items() if name != "texts"})
        record.full_clean()
        record.save()
        _add_texts(LevelText, level, level=record)


def _add_texts(model: type[models.Model], data: dict[str, Any], **owner: models.Model) -> None:
    """What `data` says in those other languages that the site has."""
    known = dict(settings.LANGUAGES)
    for language, words in data.get("texts", {}).items():
        if language in known:
            text = model(language=language, **owner, **words)
            text.full_clean()
            text.save()


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


def _make_page(file: dict[str, Any], language: str, sources: dict[str, PageVersion]) -> Page:
    own = {name: file[name] for name in ("slug", "title", "nav_title", "section", "order", "summary", "description")}
    own |= {name: file.get(name, False) for name in ("is_in_menu", "can_leave_quickly")}
    if source := sources.get(file.get("translation_of", "")):
        own |= {"translation_of": source.page, "translated_digest": source.digest}
    page = Page(language=language, **own)
    page.full_clean()
    page.save()
    return page


def _make_blocks(page: Page, blocks: Iterable[dict[str, Any]], pages: dict[str, Page]) -> None:
    """One query a type; publishing looks at each of them."""
    made: dict[type[Block], list[Block]] = defaultdict(list)
    for number, fields in enumerate(blocks, start=1):
        model = BLOCK_BY_TYPE[fields["type"]]
        values = {name: value for name, value in fields.items() if name not in {"type", "target"}}
        values |= {name: to_stored(values[name]) for name in RICH_FIELDS.get(model.type, ())}
        if fields.get("target"):
            values["target"] = pages.get(fields["target"])
        made[model].append(model(parent=page, region="main", ordering=number * ORDER_STEP, **values))
    for model, instances in made.items():
        model.objects.bulk_create(instances)
