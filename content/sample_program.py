"""The sample program that the site ships with: TOML files in content/sample/ → drafts → published."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from content import reviewing
from content.blocks import ORDER_STEP
from content.links import indexed, to_stored
from content.models import ClinicalReview, LevelOfCare, OfficeHours, Page, PageVersion, SiteSettings
from content.publishing import publish
from content.restoring import BLOCK_BY_TYPE
from content.richtext import RICH_FIELDS

SAMPLE_DIR = Path(__file__).parent / "sample"
SAMPLE_ROLE = "a sample reviewer (sample data, not a real review)"
SAMPLE_CREDENTIAL = "None: sample data"


def is_empty() -> bool:
    """True while nobody has made a page or saved the settings: the sample is never loaded over staff's work."""
    return not (Page.objects.exists() or SiteSettings.objects.exists() or LevelOfCare.objects.exists())


def page_files(language: str) -> list[dict[str, Any]]:
    return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((SAMPLE_DIR / language).glob("*.toml"))]


def load(language: str = "en") -> Iterator[Page]:
    """Yield each page as it is published; all or nothing, in one transaction that the caller drives to its end."""
    with transaction.atomic():
        load_site(tomllib.loads((SAMPLE_DIR / "site.toml").read_text(encoding="utf-8")))
        files = sorted(page_files(language), key=lambda file: (file["section"], file["order"]))
        pages = {file["slug"]: _make_page(file, language) for file in files}
        with indexed():
            for file in files:
                page = pages[file["slug"]]
                page.related_pages.set([pages[slug] for slug in file["related"]])
                _make_blocks(page, file["blocks"], pages)
        for page in pages.values():
            publication = publish(page=page, by=None, change_note="Sample program")
            if page.section == Page.Section.GUIDE:
                _sign(publication.version)
            yield page


def _sign(version: PageVersion) -> None:
    """As reviewed by nobody: the page shows where its review would stand, and that this one is none."""
    signed_on = reviewing.today()
    review = ClinicalReview(
        version=version,
        digest=version.digest,
        public_role=SAMPLE_ROLE,
        credential=SAMPLE_CREDENTIAL,
        are_references_checked=False,
        signed_on=signed_on,
        due_on=reviewing.default_due(signed_on),
    )
    review.full_clean(exclude=["reviewer"])
    review.save()


def load_site(data: dict[str, Any]) -> None:
    site = SiteSettings(pk=SiteSettings.PK, **data["site"])
    site.full_clean(validate_unique=False)
    site.save()
    for hours in data["office_hours"]:
        opens_at, closes_at = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
        OfficeHours.objects.create(site=site, weekday=hours["weekday"], opens_at=opens_at, closes_at=closes_at)
    for level in data["levels"]:
        record = LevelOfCare(**{name: _exact(value) for name, value in level.items()})
        record.full_clean()
        record.save()


def _exact(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, float) else value


def _make_page(file: dict[str, Any], language: str) -> Page:
    own = {name: file[name] for name in ("slug", "title", "nav_title", "section", "order", "summary", "description")}
    own |= {name: file.get(name, False) for name in ("is_in_menu", "can_leave_quickly")}
    page = Page(language=language, **own)
    page.full_clean()
    page.save()
    return page


def _make_blocks(page: Page, blocks: Iterable[dict[str, Any]], pages: dict[str, Page]) -> None:
    for number, fields in enumerate(blocks, start=1):
        values = {name: value for name, value in fields.items() if name not in {"type", "target"}}
        values |= {name: to_stored(values[name]) for name in RICH_FIELDS.get(fields["type"], ())}
        if fields.get("target"):
            values["target"] = pages[fields["target"]]
        block = BLOCK_BY_TYPE[fields["type"]](parent=page, region="main", ordering=number * ORDER_STEP, **values)
        block.full_clean()
        block.save()
