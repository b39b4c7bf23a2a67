"""A site with something of everything, an empty one, and exports that were tampered with."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.test import override_settings
from PIL import Image as PillowImage

from content import pictures
from content.models import (
    BLOCK_MODELS,
    CallToAction,
    CareCard,
    ClinicalReview,
    Image,
    KeyFact,
    LadderPicture,
    LevelsTable,
    LevelText,
    ListItem,
    Milestone,
    OfficeHours,
    Page,
    Picture,
    Practice,
    Question,
    Reference,
    ReviewReminder,
    ReviewWithdrawal,
    RichText,
    SearchEntry,
    SearchTrigram,
    SiteText,
    Step,
    WeekPicture,
    WritingRule,
)
from content.models.crisis_phrase import CrisisPhrase
from content.models.version import Cancellation
from content.publishing import publish
from content.transfer.archive import MANIFEST, TransferRefused
from content.transfer.exporting import export_site
from content.transfer.importing import import_site
from content.transfer.kinds import KINDS
from content.trash import delete
from iop_site import append_only
from tests.content.factories import add_block, make_page, make_site_settings
from tests.factories import make_level_of_care

# Long ago and with microseconds, so that a time that was made anew is seen.
THEN = datetime(2024, 2, 29, 12, 34, 56, 123456, tzinfo=UTC)


def make_picture(width: int = 500) -> Picture:
    file = io.BytesIO()
    PillowImage.new("RGB", (width, 301), "#f2b84b").save(file, "PNG")
    file.seek(0)
    return pictures.store(file, size=len(file.getvalue()), name="A room")


def make_full_site() -> Page:
    """At least one row of every kind; the page that has most of it."""
    with time_machine.travel(THEN, tick=False) as traveller:
        writer, reviewer = make_people()
        site = make_site_settings()
        OfficeHours.objects.create(site=site, weekday=0, opens_at="09:30", closes_at="17:00:00.5")
        level = make_level_of_care(hours_per_day_from="2.5")
        SiteText.objects.create(site=site, language="es", emergency_wording="Llame al 988.")
        LevelText.objects.create(
            level=level, language="es", name="Nivel", short_name="N", setting="Aquí", suits="A sí."
        )
        WritingRule.objects.create(kind="claim", phrase="our own rule", suggestion="Say “it’s”")
        CrisisPhrase.objects.create(language="es", phrase="¡Nuestra propia señal!", is_active=False)
        picture, goals = make_picture(), make_page(slug="goals")
        publish(page=goals, by=writer)
        page = make_page(slug="first", title="Ärzte, “quotes” & <b>", draft_author_ids=[writer.pk], edit_number=7)
        page.related_pages.add(goals)
        _add_every_block(page, picture, goals)
        traveller.shift(timedelta(hours=1))
        first = publish(page=page, by=writer, change_note="First")
        _sign_and_withdraw(first.version, reviewer)
        Page.objects.filter(pk=page.pk).update(slug="second", draft_author_ids=[writer.pk, reviewer.pk])
        traveller.shift(timedelta(hours=1))
        publish(page=page, by=None, ends_at=THEN + timedelta(days=9999))
        later = publish(page=goals, by=writer, starts_at=THEN + timedelta(days=2))
        Cancellation.objects.create(publication=later, by=writer)
        make_page(slug="metas", language="es", translation_of=goals, translated_digest="a" * 64)
        deleted = make_page(slug="deleted")
        delete(page=deleted, by=None)
    assert all(kind.model._base_manager.exists() for kind in KINDS)
    return page


def _add_every_block(page: Page, picture: Picture, goals: Page) -> None:
    add_block(page, RichText, body=f'<p>See <a href="page:{goals.uid}#top">our goals</a>.</p>')
    add_block(page, Image, picture=picture, alt="A door")
    add_block(page, CallToAction, heading="Ready?", target=goals)
    add_block(page, CallToAction, heading="Or this?")
    add_block(page, KeyFact, figure="3–4 hours", label="a day")
    add_block(page, ListItem, term="Term", explanation="<p>Words.</p>")
    add_block(page, Step, title="Step")
    add_block(page, Question, question="Why?", answer="<p>So.</p>")
    add_block(page, CareCard, heading="Now", body="<p>Call.</p>")
    add_block(page, LevelsTable, heading="Levels")
    add_block(page, Reference, citation="An author, 2024.", url="https://example.org/a?b=c")
    add_block(page, Practice, topic="Phones", we_do="<p>Keep them.</p>", we_do_not="<p>Look into them.</p>")
    add_block(page, WeekPicture, heading="A week")
    add_block(page, LadderPicture, heading="The ladder")
    add_block(page, Milestone, day=30, title="Half way")
    callout = next(model for model in BLOCK_MODELS if model.type == "callout")
    add_block(page, callout, kind="important", body="<p>Mind.</p>")


def _sign_and_withdraw(version: Any, reviewer: User) -> None:
    values = {"digest": version.digest, "reviewer": reviewer, "public_role": "a psychologist", "credential": "No. 1"}
    values |= {"are_references_checked": True, "signed_on": THEN.date(), "due_on": THEN.date() + timedelta(days=300)}
    review = ClinicalReview.objects.create(version=version, **values)
    withdrawn = ClinicalReview.objects.create(version=version, **values)
    ReviewWithdrawal.objects.create(review=withdrawn, by=reviewer, reason="It was the wrong one.")
    ReviewReminder.objects.create(review=review, kind="30_days")


def everything() -> dict[type[models.Model], list[dict[str, Any]]]:
    """Every row of every kind, as it is in the database."""
    return {kind.model: list(kind.model._base_manager.order_by("pk").values()) for kind in KINDS}


def files() -> dict[str, bytes]:
    found = {}
    for name in sorted(default_storage.listdir("")[1]) if default_storage.exists("") else []:
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found


def empty_site() -> None:
    """Take away what no site can: the rows that may only be added to, and with them all others."""
    connection.check_constraints()
    append_only.remove_triggers()
    with connection.cursor() as cursor:
        for model in [SearchEntry, SearchTrigram, *(kind.model for kind in reversed(KINDS))]:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 -- our own names
    append_only.install_triggers()
    for name in files():
        default_storage.delete(name)


def export_full_site(path: Path) -> Path:
    """Put an export of a full site at `path`, and leave this site empty but for the people of that one."""
    path.write_bytes(_export_of_full_site())
    empty_site()
    make_people()
    return path


@cache
def _export_of_full_site() -> bytes:
    """Made once for all tests; the site is left as it was."""
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=Path(folder) / "media"),
        transaction.atomic(),
    ):
        make_full_site()
        path = Path(folder) / "site.zip"
        export_site(path)
        transaction.set_rollback(True)
        return path.read_bytes()


def make_people() -> tuple[User, User]:
    """The writer and the reviewer of the full site."""
    return User.objects.create_user("wren"), User.objects.create_user("rosa", email="rosa@example.org")


def refusal(path: Path) -> str:
    """The sentence with which an import into an empty site is refused, whereby nothing is imported."""
    people = User.objects.count()
    with pytest.raises(TransferRefused) as refused:
        import_site(path)
    assert_nothing_is_here()
    assert User.objects.count() == people
    text = str(refused.value)
    assert len(text.splitlines()) == 1
    assert text.endswith(".")
    return text


def assert_nothing_is_here() -> None:
    assert [kind.name for kind in KINDS if kind.model._base_manager.exists()] == []
    assert files() == {}


# --- Tampering ------------------------------------------------------------------------------------------------------


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def write(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)


def tamper(path: Path, change: Callable[[dict[str, bytes]], None], *, with_right_sums: bool = True) -> None:
    """Change the members of the export at `path`, and let its manifest say that they are right."""
    members = contents(path)
    change(members)
    if with_right_sums and MANIFEST in members:
        manifest = json.loads(members[MANIFEST])
        for name in manifest["members"].keys() & members.keys():
            said = manifest["members"][name]
            said |= {"sha256": hashlib.sha256(members[name]).hexdigest(), "size": len(members[name])}
            if name.endswith(".jsonl"):
                said["records"] = members[name].count(b"\n")
        members[MANIFEST] = json.dumps(manifest).encode()
    write(path, members)


def change_record(path: Path, member: str, change: Callable[[dict[str, Any]], Any], *, line: int = 0) -> None:
    """Replace one record of the export at `path` by what `change` makes of it, with the sums put right."""

    def change_line(members: dict[str, bytes]) -> None:
        lines = members[member].splitlines(keepends=True)
        record = json.loads(lines[line])
        changed = change(record)
        lines[line] = json.dumps(record if changed is None else changed).encode() + b"\n"
        members[member] = b"".join(lines)

    tamper(path, change_line)
