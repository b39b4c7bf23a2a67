from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content import reviewing
from content.freezing import canonical
from content.models import (
    CallToAction,
    ClinicalReview,
    Image,
    Page,
    PageVersion,
    Picture,
    Publication,
    RichText,
)
from content.publishing import (
    PublishingRefused,
    cancel,
    digest_of,
    draft_differs_from,
    freeze,
    keep_version,
    publish,
    publish_minor,
    take_down,
)
from iop_site.append_only import Immutable
from tests.content.desk import make_member, make_reviewer, sign, write
from tests.content.factories import add_block, live_publication, make_live_page, make_page

pytestmark = pytest.mark.django_db


def test_publishing_makes_a_version_and_puts_it_live() -> None:
    page = make_page()
    publication = publish(page=page, by=None, change_note="First")
    assert publication.version.number == 1
    assert publication.version.change_note == "First"
    assert live_publication(page) == publication


def test_a_version_carries_the_digest_of_its_document() -> None:
    version = live_publication(make_live_page()).version
    version.refresh_from_db()
    assert version.digest == digest_of(version.document)


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'.encode()


def test_an_unchanged_draft_makes_no_new_version() -> None:
    page = make_live_page()
    publish(page=page, by=None)
    assert page.versions.count() == 1
    assert page.publications.count() == 1


def test_a_changed_word_in_a_block_makes_a_new_version() -> None:
    page = make_live_page()
    RichText.objects.filter(parent=page).update(body="<p>Other words.</p>")
    assert draft_differs_from(page, live_publication(page).version)
    assert publish(page=page, by=None).version.number == 2


def test_saving_the_draft_changes_nothing_that_is_live() -> None:
    page = make_live_page(title="Old")
    page.title = "New"
    page.slug = "new-address"
    page.save()
    live = live_publication(page)
    assert live.version.document["title"] == "Old"
    assert live.slug != "new-address"


def test_a_publication_of_tomorrow_is_not_live_today() -> None:
    page = make_live_page()
    now = timezone.now()
    RichText.objects.filter(parent=page).update(body="<p>Tomorrow.</p>")
    version = PageVersion.objects.create(page=page, number=2, document=freeze(page), digest="x")
    tomorrow = Publication.objects.create(
        page=page, version=version, language="en", slug=page.slug, starts_at=now + timedelta(days=1)
    )
    assert live_publication(page) != tomorrow
    assert Publication.objects.live(now + timedelta(days=1)).get(page=page) == tomorrow


def test_a_publication_that_has_ended_is_not_live() -> None:
    page = make_live_page()
    now = timezone.now()
    version = page.versions.get()
    Publication.objects.create(
        page=page,
        version=version,
        language="en",
        slug=page.slug,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    assert Publication.objects.live(now + timedelta(minutes=59)).filter(page=page).exists()
    assert not Publication.objects.live(now + timedelta(hours=1)).filter(page=page).exists()


def test_taking_down_makes_a_page_not_live_and_keeps_the_draft() -> None:
    page = make_live_page()
    assert take_down(page=page, by=None) is not None
    assert not Publication.objects.live().filter(page=page).exists()
    assert take_down(page=page, by=None) is None
    assert publish(page=page, by=None).version.number == 1


def test_a_page_without_blocks_is_refused_with_a_sentence() -> None:
    with pytest.raises(PublishingRefused, match="add at least one block"):
        publish(page=make_page(blocks=0), by=None)


def test_an_address_that_another_live_page_uses_is_refused() -> None:
    first = make_live_page(slug="goals", title="The goals")
    first.slug = "old-goals"
    first.save()
    second = make_page(slug="goals")
    with pytest.raises(PublishingRefused, match="The goals"):
        publish(page=second, by=None)


def test_an_image_without_words_is_refused() -> None:
    page = make_page()
    picture = Picture.objects.create(digest="a" * 64, name="x", width=1, height=1)
    add_block(page, Image, picture=picture, alt="")
    with pytest.raises(PublishingRefused, match="what the picture shows"):
        publish(page=page, by=None)


def test_nothing_is_kept_when_publishing_is_refused() -> None:
    with pytest.raises(PublishingRefused):
        publish(page=make_page(blocks=0), by=None)
    assert not PageVersion.objects.exists()


@pytest.mark.parametrize("change", ["save", "delete", "update", "queryset_delete"])
def test_a_version_cannot_be_changed_or_deleted(change: str) -> None:
    version = live_publication(make_live_page()).version
    with pytest.raises(Immutable):
        {
            "save": version.save,
            "delete": version.delete,
            "update": lambda: PageVersion.objects.update(digest="x"),
            "queryset_delete": lambda: PageVersion.objects.all().delete(),
        }[change]()


def test_a_publication_cannot_be_changed() -> None:
    publication = live_publication(make_live_page())
    with pytest.raises(Immutable):
        publication.save()


def test_blocks_freeze_in_reading_order_with_their_ids() -> None:
    page = make_page(blocks=0)
    last = add_block(page, RichText, body="<p>b</p>", ordering=20)
    first = add_block(page, CallToAction, heading="a", target=page, ordering=10)
    blocks = freeze(page)["blocks"]
    assert [block["uid"] for block in blocks] == [str(first.uid), str(last.uid)]
    assert blocks[0]["target"] == str(page.uid)


def test_freezing_takes_the_same_queries_whatever_the_number_of_blocks() -> None:
    few, many = make_page(blocks=1), make_page(blocks=40)
    with CaptureQueriesContext(
        connection,
    ) as for_few:
        freeze(few)
    with CaptureQueriesContext(connection) as for_many:
        freeze(many)
    assert len(for_few) == len(for_many)


def test_another_place_for_another_page_makes_no_draft_different() -> None:
    page, first, second = make_page(), make_page(order=1), make_page(order=2)
    page.related_pages.set([first, second])
    version = publish(page=page, by=None).version
    Page.objects.filter(pk=first.pk).update(order=3)
    assert not draft_differs_from(page, version)


def test_what_is_saved_is_published_and_not_what_a_caller_happens_to_hold() -> None:
    page = make_page(title="Saved")
    page.title = "Not saved"
    assert publish(page=page, by=None).version.document["title"] == "Saved"


def test_a_draft_that_was_not_on_the_screen_is_refused() -> None:
    page = make_page()
    seen = digest_of(freeze(page))
    write(page, "<p>Other words.</p>")
    with pytest.raises(PublishingRefused, match="changed since you opened"):
        publish(page=page, by=None, digest=seen)
    assert not PageVersion.objects.exists()


# --- Writing help ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<h3>Too deep</h3><p>Words.</p>", r"Block 1 \(text\), “Too deep”: This subheading has no heading"),
        ('<p><a href="/nowhere/">That page</a></p>', "links to /nowhere/, where there is no live page"),
        ('<p><a href="page:00000000-0000-4000-8000-000000000000">It</a></p>', "a page that no longer exists"),
    ],
)
@pytest.mark.parametrize("is_minor", [False, True])
def test_what_blocks_is_refused_on_every_path(body: str, sentence: str, is_minor: bool) -> None:
    page, reviewer = make_page(), make_reviewer()
    sign(publish(page=page, by=None).version)
    write(page, body)
    with pytest.raises(PublishingRefused, match=sentence):
        (publish_minor if is_minor else publish)(page=page, by=reviewer)
    assert page.versions.count() == 1


def test_links_to_what_answers_are_no_problem() -> None:
    moved = make_live_page(slug="old-address")
    Page.objects.filter(pk=moved.pk).update(slug="new-address")
    publish(page=moved, by=None)
    page, draft = make_page(slug="goals"), make_page()
    links = ["/", "/goals/", "/goals/#first", "/admissions/", "/guide/print/", "/old-address/", "/new-address/"]
    links += [f"page:{page.uid}", f"page:{draft.uid}", f"page:{moved.uid}#first", "https://example.org/", "tel:988"]
    write(page, "".join(f'<p><a href="{link}">To what answers</a></p>' for link in links))
    assert publish(page=page, by=None)


# --- Typography ------------------------------------------------------------------------------------------------------


def test_a_correction_is_signed_by_who_published_it_even_where_they_kept_it_before() -> None:
    page, reviewer = make_page(), make_reviewer()
    write(page, "<p>You recieve care.</p>")
    review = sign(publish(page=page, by=None).version)
    write(page, "<p>You receive care.</p>")
    assert keep_version(page=page, by=reviewer).number == 2
    version = publish_minor(page=page, by=reviewer).version
    assert (version.number, version.is_minor) == (3, True)
    assert version.reviews.get().due_on == review.due_on


def test_what_is_more_than_typography_is_not_published_as_minor() -> None:
    page, reviewer = make_page(), make_reviewer()
    write(page, "<p>You need less care.</p>")
    sign(publish(page=page, by=None).version)
    write(page, "<p>You need MORE care.</p>")
    with pytest.raises(PublishingRefused, match="more than typography: “less” → “MORE”"):
        publish_minor(page=page, by=reviewer)
    assert page.versions.count() == 1


def test_a_withdrawn_correction_is_not_signed_again_by_who_made_it() -> None:
    page, reviewer = make_page(), make_reviewer()
    write(page, "<p>You recieve care.</p>")
    sign(publish(page=page, by=None).version)
    write(page, "<p>You receive care.</p>")
    version = publish_minor(page=page, by=reviewer).version
    reviewing.withdraw(review=version.reviews.get(), by=make_reviewer(), reason="It is wrong.")
    with pytest.raises(reviewing.SigningRefused, match="You wrote part of this text"):
        sign(version, by=reviewer)
    assert sign(version)


@pytest.mark.parametrize("permissions", [(), ("publish_page",), ("sign_version",)])
def test_who_cannot_sign_corrects_nothing_as_minor(permissions: tuple[str, ...]) -> None:
    page = make_page()
    sign(publish(page=page, by=None).version)
    write(page, "<p>Other words.</p>")
    with pytest.raises(PublishingRefused, match="cannot sign this as a correction"):
        publish_minor(page=page, by=make_member(*permissions))
    assert page.versions.count() == 1


@pytest.mark.parametrize("state", ["unsigned", "withdrawn", "overdue", "due today", "sample", "not live"])
def test_only_a_standing_signature_is_renewed(state: str) -> None:
    page, reviewer = make_page(), make_reviewer()
    version = publish(page=page, by=None).version
    if state != "unsigned":
        days = {"overdue": -1, "due today": 0}.get(state, 30)
        today = reviewing.today()
        review = ClinicalReview.objects.create(
            version=version,
            digest=version.digest,
            reviewer=None if state == "sample" else reviewer,
            public_role="a role",
            credential="x",
            are_references_checked=True,
            signed_on=today - timedelta(days=100),
            due_on=today + timedelta(days=days),
        )
        if state == "withdrawn":
            reviewing.withdraw(review=review, by=reviewer, reason="It is wrong.")
        if state == "not live":
            take_down(page=page, by=None)
    write(page, "<p>Other words.</p>")
    with pytest.raises(PublishingRefused, match="cannot sign this as a correction"):
        publish_minor(page=page, by=reviewer)


# --- Times -----------------------------------------------------------------------------------------------------------


def test_two_versions_cannot_go_live_at_the_same_moment() -> None:
    page, tomorrow = make_live_page(), timezone.now() + timedelta(days=1)
    first = publish(page=page, by=None, starts_at=tomorrow, ends_at=tomorrow + timedelta(days=1))
    with pytest.raises(PublishingRefused, match="at the same moment"):
        publish(page=page, by=None, starts_at=tomorrow)
    cancel(publication=first, by=None)
    assert publish(page=page, by=None, starts_at=tomorrow)
