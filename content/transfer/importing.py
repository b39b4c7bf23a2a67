"""A zip file → a site that has nothing yet: all of it in one transaction, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from content.models import CrisisPhrase, Picture, WritingRule
from content.searching import index as search_index
from content.searching.words import written_crisis_phrases
from content.transfer.archive import MEDIA, Archive, TransferRefused, opened, reason
from content.transfer.checking import Checked, rows_of
from content.transfer.kinds import KINDS, Kind
from content.writing import default_rows
from iop_site.progress import Bar, no_bar


@dataclass(frozen=True)
class Imported:
    """`made_at`: of the export. `found`: people who have an account here. `made`: those who were given one, which is
    switched off."""

    made_at: datetime
    counts: dict[Kind, int]
    files: int
    found: list[str]
    made: list[str]


def import_site(path: Path, *, bar: Bar = no_bar) -> Imported:
    """Read the export at `path` into this site, which must have no content. Everything is checked first. Raises
    TransferRefused, and then nothing has changed."""
    with opened(path) as archive:
        refuse_unless_empty()
        export = Checked(archive, bar)
        written: list[str] = []
        try:
            with transaction.atomic():
                refuse_unless_empty()
                accounts, made = _accounts(export.people)
                _insert(archive, export, accounts, bar)
                search_index.rebuild(bar=bar)
                _write_files(archive, export, written, bar)
        except BaseException:
            _remove_files(written)
            raise
    return Imported(
        made_at=datetime.fromisoformat(archive.manifest["made_at"]),
        counts=export.counts,
        files=len(export.files),
        found=sorted(export.people - set(made)),
        made=made,
    )


def refuse_unless_empty() -> None:
    """Of what is there without anybody's doing, the software's own lists, nothing may have been changed either."""
    for kind in KINDS:
        is_ours = LISTS.get(kind.model, kind.model._base_manager.exists)
        if is_ours():
            what = kind.model._meta.verbose_name_plural
            raise TransferRefused(
                f"This site has {what} already: an export is only read into a site without content. Use a new database"
                " on which only `manage.py migrate` was run: `make run` loads the sample program."
            )


def _are_rules_changed() -> bool:
    rules = WritingRule.objects.values_list("language", "kind", "phrase", "suggestion", "is_active")
    defaults: set[tuple[str, str, str, str, bool]] = set()
    for language in {rule[0] for rule in rules}:
        defaults |= {(language, *row, True) for row in default_rows(language)}
    return not defaults.issuperset(rules)


def _are_crisis_phrases_changed() -> bool:
    phrases = CrisisPhrase.objects.values_list("language", "phrase", "is_active")
    return any(not is_active or phrase not in written_crisis_phrases(code) for code, phrase, is_active in phrases)


# What the software comes with, and whether staff have made something of it.
LISTS: dict[type[Model], Callable[[], bool]] = {
    WritingRule: _are_rules_changed,
    CrisisPhrase: _are_crisis_phrases_changed,
}


def _accounts(people: set[str]) -> tuple[dict[str, int], list[str]]:
    """Everybody's primary key by name, and the names of those for whom an account had to be made.

    Nobody is left out: who wrote a text must not be the one who signs it, even when they get to work here much later.
    """
    users = get_user_model().objects
    accounts = dict(users.filter(username__in=people).values_list("username", "pk"))
    made = sorted(people - accounts.keys())
    for name in made:
        user = users.model(username=name, is_active=False)
        user.set_unusable_password()
        user.save()
        accounts[name] = user.pk
    return accounts, made


def _insert(archive: Archive, export: Checked, accounts: dict[str, int], bar: Bar) -> None:
    # The export has its own; what is there is what the software comes with.
    for model in LISTS:
        model._base_manager.all().delete()
    with bar(total=sum(export.counts.values()), label="Importing records", unit=" records") as step:
        for kind in KINDS:
            for row in rows_of(archive, kind, accounts.__getitem__):
                # As Django loads fixtures: inserted, never updated, with the times that it has.
                row.save_base(raw=True, force_insert=True)
                step(1)
    if connection.vendor == "postgresql":
        _count_on()


def _count_on() -> None:
    """The rows brought their primary keys along; the next ones come after them. A sequence is never set back: what is
    done to it stays done when the transaction is not."""
    with connection.cursor() as cursor:
        for kind in KINDS:
            table, key = kind.model._meta.db_table, kind.model._meta.pk.column
            cursor.execute(
                f'SELECT setval(own.name, GREATEST(nextval(own.name), (SELECT MAX("{key}") FROM "{table}")))'  # noqa: S608
                " FROM (SELECT pg_get_serial_sequence(%s, %s) AS name) AS own",
                [f'"{table}"', key],
            )


def _write_files(archive: Archive, export: Checked, written: list[str], bar: Bar) -> None:
    with bar(total=len(export.files), label="Importing pictures", unit=" files") as step:
        for name in export.files:
            try:
                if not _is_there(name, archive.members[MEDIA + name]["sha256"]):
                    # A site without pictures has no use for what lies there.
                    default_storage.delete(name)
                    written.append(name)
                    default_storage.save(name, ContentFile(archive.read(MEDIA + name)))
            except OSError as error:
                raise TransferRefused(f"A picture cannot be written: {reason(error)}. Nothing was imported.") from error
            step(1)


def _is_there(name: str, digest: str) -> bool:
    if not default_storage.exists(name):
        return False
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _remove_files(names: list[str]) -> None:
    """Unless the records are there after all: then whatever came in between came after the end."""
    try:
        for name in names:
            if not Picture.objects.filter(digest=name.partition("-")[0]).exists():
                default_storage.delete(name)
    except (DatabaseError, OSError):
        # Files that no record names harm nobody, and a second import takes them.
        return
