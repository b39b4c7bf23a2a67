from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from admissions.models import Enquiry, EnquiryEvent
from content.models import PageVersion, Publication
from iop_site.append_only import Immutable, guarded_models, install_triggers
from tests.content.factories import make_live_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> EnquiryEvent:
    return Enquiry.objects.create(reference="23456789", age_band="teen").add_note(b"sealed", by=None)


@pytest.fixture
def version() -> PageVersion:
    return make_live_page().versions.get()


def refused(statement: str) -> bool:
    """Whether the database itself refuses `statement`."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return "can only be added to" in str(caught.value)


@pytest.mark.parametrize("table", ["content_pageversion", "content_publication", "admissions_readrecord"])
def test_the_tables_that_matter_are_guarded(table: str) -> None:
    assert table in {model._meta.db_table for model in guarded_models()}


def test_the_database_refuses_to_change_a_row(version: PageVersion) -> None:
    assert refused("UPDATE content_pageversion SET digest = 'x'")
    assert refused("UPDATE content_publication SET slug = 'x'")


def test_the_database_refuses_to_delete_a_row(version: PageVersion) -> None:
    assert refused("DELETE FROM content_publication")
    assert refused("DELETE FROM content_pageversion")


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_the_database_refuses_to_empty_a_table(version: PageVersion) -> None:
    with connection.cursor() as cursor:
        # What was inserted just now still has its foreign keys to be checked, which would refuse it first.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refused("TRUNCATE content_pageversion CASCADE")


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.parametrize("key", ["id", "page_id, number"])
def test_the_database_refuses_to_replace_a_row(version: PageVersion, key: str) -> None:
    rest = "document, 'x', '', 0, '[]', created_at"
    columns = "id, page_id, number, document, digest, change_note, is_minor, author_ids, created_at"
    own = "id" if key == "id" else "id + 1000"
    number = "number" if key != "id" else "number + 1000"
    select = f"SELECT {own}, page_id, {number}, {rest} FROM content_pageversion"  # noqa: S608 -- our own words
    for words in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
        assert refused(f"{words} INTO content_pageversion ({columns}) {select}")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = ON")
    assert refused(f"REPLACE INTO content_pageversion ({columns}) {select}")
    assert PageVersion.objects.get().digest == version.digest


def test_what_two_rows_cannot_share_is_refused_as_ever(version: PageVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PageVersion.objects.create(page=version.page, number=version.number, document={}, digest="x")


def test_going_round_the_querysets_of_the_model_does_not_help(version: PageVersion) -> None:
    plain = models.QuerySet(PageVersion)
    with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
        plain.update(digest="x")
    with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
        plain.filter(pk=version.pk)._raw_delete("default")


def test_the_model_refuses_before_the_database_has_to(version: PageVersion) -> None:
    with pytest.raises(Immutable):
        PageVersion.objects.update(digest="x")
    with pytest.raises(Immutable):
        Publication.objects.all().delete()


def test_rows_can_still_be_added_and_read(version: PageVersion) -> None:
    PageVersion.objects.create(page=version.page, number=2, document=version.document, digest="x")
    assert version.page.versions.count() == 2


def test_guarding_again_changes_nothing(version: PageVersion) -> None:
    install_triggers()
    install_triggers()
    assert refused("DELETE FROM content_pageversion")


# --- Columns that may be sealed anew --------------------------------------------------------------------------------


def test_a_rewritable_column_can_be_sealed_anew_and_erased(event: EnquiryEvent) -> None:
    for sealed in (b"sealed anew", None):
        assert EnquiryEvent.objects.filter(pk=event.pk).update(sealed=sealed) == 1
        event.refresh_from_db()
        assert event.sealed == sealed or bytes(event.sealed) == sealed


def test_the_database_refuses_every_other_column_alone_and_beside_it(event: EnquiryEvent) -> None:
    columns = {field.column for field in EnquiryEvent._meta.concrete_fields} - {"sealed"}
    assert {"id", "kind", "enquiry_id", "actor_id"} <= columns
    for column in columns:
        assert refused(f'UPDATE admissions_enquiryevent SET "{column}" = "{column}"')  # noqa: S608 -- our own
        assert refused(f'UPDATE admissions_enquiryevent SET sealed = NULL, "{column}" = "{column}"')  # noqa: S608


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.parametrize("name", ["rowid", "OID", "_rowid_"])
def test_a_key_is_guarded_under_each_of_its_names(event: EnquiryEvent, name: str) -> None:
    assert refused(f"UPDATE admissions_enquiryevent SET {name} = 77")  # noqa: S608 -- our own names
    assert refused(f"UPDATE OR REPLACE admissions_enquiryevent SET sealed = NULL, {name} = 77")  # noqa: S608


def test_a_row_with_a_rewritable_column_is_neither_deleted_nor_replaced(event: EnquiryEvent) -> None:
    assert refused("DELETE FROM admissions_enquiryevent")
    if connection.vendor == "sqlite":
        assert refused("REPLACE INTO admissions_enquiryevent SELECT * FROM admissions_enquiryevent")


def test_the_queryset_writes_rewritable_columns_and_no_others(event: EnquiryEvent) -> None:
    for changes in ({"kind": "status"}, {"sealed": None, "kind": "status"}):
        with pytest.raises(Immutable):
            EnquiryEvent.objects.update(**changes)
    with pytest.raises(Immutable):
        event.save()
    with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
        models.QuerySet(EnquiryEvent).update(kind="status")


def test_what_an_older_release_put_in_place_is_replaced(event: EnquiryEvent) -> None:
    table = "admissions_enquiryevent"
    of_postgresql = "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    of_sqlite = f"BEGIN SELECT RAISE(ABORT, '{table} can only be added to'); END"
    body = of_postgresql if connection.vendor == "postgresql" else of_sqlite
    on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        # PostgreSQL alters no table whose foreign keys are still to be checked.
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER {table}_no_update{on_table}")
        cursor.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {body}")
    assert refused(f"UPDATE {table} SET sealed = NULL")  # noqa: S608 -- our own names
    install_triggers()
    assert EnquiryEvent.objects.update(sealed=None) == 1
