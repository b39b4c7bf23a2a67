"""Old versions open for ever: a document of every schema there ever was is kept in tests/content/documents/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from content import documents, freezing
from content.compare import compare
from content.documents import SCHEMA, UPGRADERS, UnknownSchema, upgraded
from content.models import BLOCK_MODELS, Page, PageVersion, Picture, Publication
from content.publishing import digest_of, draft_differs_from, freeze, keep_version, publish
from content.restoring import restore
from tests.content.desk import url
from tests.content.factories import make_live_page, make_page

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "documents"
# Of the kept documents: neither they nor what a digest is made of may ever change.
DIGESTS = {
    1: "8f9e042b159f6e632b193fd4bc0a25276e72393b76ecf27c9b1bacae5fcff082",
    2: "1989cb599bd5bec1f7c348a0b3c05c2f4bdfd310f2190dd00e598ece671c3039",
}
# Words that a reader finds of each kept document, one a block and more.
WORDS_OF_1 = [
    *("What this page said", "First heading", "weight", "A term", "Its explanation."),
    *("3–4 hours", "A step", "What happens in it.", "A question?", "The answer.", "A callout"),
    *("What is important.", "A care card", "What is urgent.", "A bright room", "Our room", "Talk with us"),
    *("To the other page", "McCarty D", "doi.org/10.1176/appi.ps.201300249", "The levels of care"),
]
WORDS = {
    1: ["A page of schema 1", *WORDS_OF_1],
    2: [
        *("A page of schema 2", *WORDS_OF_1, "Phones", "We keep them in a drawer.", "We do not look into them."),
        *("A week here", "The ladder of care", "Half way", "What is next is planned."),
    ],
}
every_schema = pytest.mark.parametrize("schema", range(1, SCHEMA + 1))


def kept(schema: int) -> dict[str, Any]:
    return json.loads((FOLDER / f"schema_{schema}.json").read_text(encoding="utf-8"))


def stored(schema: int) -> PageVersion:
    """The kept document as a version, with the page and the picture that it points to."""
    document = kept(schema)
    make_page(uid="00000000-0000-4000-8000-000000000002", slug="other")
    page = make_page(uid=document["uid"], slug="kept", blocks=2)
    Picture.objects.create(digest="a" * 64, name="A room", width=900, height=500)
    return PageVersion.objects.create(page=page, number=1, document=document, digest=digest_of(document))


# --- Every schema ----------------------------------------------------------------------------------------------------


@every_schema
def test_a_document_of_it_is_kept_as_it_was(schema: int) -> None:
    assert kept(schema)["schema"] == schema
    assert digest_of(kept(schema)) == DIGESTS[schema]


def test_every_past_schema_has_an_upgrader() -> None:
    assert set(UPGRADERS) == set(range(1, SCHEMA))


def test_the_newest_kept_document_has_every_type_of_block() -> None:
    assert {block["type"] for block in kept(SCHEMA)["blocks"]} == {model.type for model in BLOCK_MODELS}


@every_schema
def test_it_is_read_by_visitors(schema: int, client: Client) -> None:
    version = stored(schema)
    Publication.objects.create(page=version.page, version=version, language="en", slug="kept")
    text = client.get("/kept/").text
    assert [words for words in WORDS[schema] if words not in text] == []
    assert "First heading" in client.get("/guide/print/").text


@every_schema
def test_it_is_previewed_and_compared(schema: int, admin_client: Client) -> None:
    page = stored(schema).page
    assert "First heading" in admin_client.get(url("preview_frame", page.pk, version=1)).text
    assert "First heading" in admin_client.get(url("compare", page.pk, old=1)).text


@every_schema
def test_it_is_brought_back_whole(schema: int) -> None:
    version = stored(schema)
    restore(version=version, by=None)
    draft = freeze(Page.objects.get(pk=version.page_id))
    assert draft == upgraded(kept(schema))
    assert not compare(upgraded(version.document), draft).has_changes


# --- The mechanism ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two_schemas_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next schema calls a title “heading”, and the one after calls it “title” again and shouts."""

    def to_next(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"schema": SCHEMA + 1, "heading": document.pop("title")}

    def to_last(document: dict[str, Any]) -> dict[str, Any]:
        document["blocks"] = [block | {"body": block["body"].upper()} for block in document["blocks"]]
        return document | {"schema": SCHEMA + 2, "title": document.pop("heading")}

    monkeypatch.setattr(documents, "SCHEMA", SCHEMA + 2)
    monkeypatch.setattr(freezing, "SCHEMA", SCHEMA + 2)
    monkeypatch.setattr(documents, "UPGRADERS", UPGRADERS | {SCHEMA: to_next, SCHEMA + 1: to_last})


def test_upgraders_follow_each_other_and_leave_the_stored_document_alone(two_schemas_later: None) -> None:
    document = {"schema": SCHEMA, "title": "Goals", "blocks": [{"body": "words"}]}
    assert upgraded(document) == {"schema": SCHEMA + 2, "title": "Goals", "blocks": [{"body": "WORDS"}]}
    assert document == {"schema": SCHEMA, "title": "Goals", "blocks": [{"body": "words"}]}


def test_a_document_of_the_present_schema_is_itself() -> None:
    document = {"schema": SCHEMA, "blocks": []}
    assert upgraded(document) is document


def test_a_document_of_a_later_release_is_refused() -> None:
    with pytest.raises(UnknownSchema, match="later release"):
        upgraded({"schema": SCHEMA + 1})


def test_visitors_read_what_the_upgraders_make_of_it(client: Client, request: pytest.FixtureRequest) -> None:
    make_live_page(slug="goals")
    assert "You come in" in client.get("/goals/").text
    request.getfixturevalue("two_schemas_later")
    assert "YOU COME IN" in client.get("/goals/").text
    assert "YOU COME IN" in client.get("/guide/print/").text


def test_a_new_schema_alone_makes_no_draft_different_and_no_version(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    page = make_live_page()
    monkeypatch.setattr(documents, "SCHEMA", SCHEMA + 1)
    monkeypatch.setattr(freezing, "SCHEMA", SCHEMA + 1)
    monkeypatch.setattr(
        documents, "UPGRADERS", UPGRADERS | {SCHEMA: lambda document: document | {"schema": SCHEMA + 1}}
    )
    assert freeze(page)["schema"] == SCHEMA + 1
    assert not draft_differs_from(page, page.versions.get())
    assert keep_version(page=page, by=None).number == 1
    assert publish(page=page, by=None).created_at < timezone.now()
    assert page.publications.count() == 1
