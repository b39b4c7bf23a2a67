"""What is live is known anew within a second, and known to be unsure while the database is away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from time_machine import TimeMachineFixture

from content import reviewing
from content.models import LevelOfCare, LevelText, OfficeHours, Page, PageVersion, Publication, SiteSettings, SiteText
from content.published import watch as watch_module
from content.published.moment import Moment
from content.published.watch import Watch, next_change
from content.publishing import cancel, publish, take_down
from tests.content.desk import sign
from tests.content.factories import live_publication, make_live_page, make_page, make_site_settings
from tests.factories import make_level_of_care, make_office_hours

NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)


def look(watch: Watch) -> Moment:
    # What PostgreSQL does at the end of a transaction, which a test never comes to.
    connection.check_constraints()
    return watch.look()


def rename_by_sql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content_sitesettings SET organisation_name = 'Harbor Test IOP'")


# --- Every change ---------------------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[], Any]] = {
    "a page is published": make_live_page,
    "a page is taken down": lambda: take_down(page=Page.objects.get(slug="teens"), by=None),
    "something is scheduled": lambda: publish(
        page=Page.objects.get(slug="draft"), by=None, starts_at=datetime(2199, 1, 1, tzinfo=UTC)
    ),
    "something scheduled is called off": lambda: cancel(
        publication=Publication.objects.get(page__slug="scheduled"), by=None
    ),
    "a version is signed": lambda: sign(live_publication(Page.objects.get(slug="teens")).version),
    "a review is withdrawn": lambda: reviewing.withdraw(
        review=PageVersion.objects.get(page__slug="signed").reviews.get(),
        by=PageVersion.objects.get(page__slug="signed").reviews.get().reviewer,
        reason="A dose was wrong.",
    ),
    "a setting changes": lambda: SiteSettings.load().save(),
    "a setting changes by a queryset": lambda: SiteSettings.objects.update(telephone="+16175550143"),
    "a setting changes by SQL": rename_by_sql,
    "the settings have another language": lambda: SiteText.objects.create(
        site_id=SiteSettings.PK, language="es", organisation_name="Faro"
    ),
    "a level is added": lambda: make_level_of_care(name="PHP"),
    "a level changes": lambda: LevelOfCare.objects.update(order=9),
    "a level goes": lambda: LevelOfCare.objects.all().delete(),
    "a level has another language": lambda: LevelText.objects.create(
        level=LevelOfCare.objects.get(), language="es", name="Programa", short_name="P", setting="s", suits="s"
    ),
    "the office has hours": make_office_hours,
    "the office has other hours": lambda: OfficeHours.objects.all().delete(),
}


@pytest.fixture
def everything(db: None) -> None:
    make_site_settings()
    make_level_of_care()
    make_office_hours()[0].delete()
    make_page(slug="draft")
    make_live_page(slug="teens")
    signed = make_live_page(slug="signed")
    sign(live_publication(signed).version)
    publish(page=make_page(slug="scheduled"), by=None, starts_at=datetime(2198, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_visitors_read_begins_a_new_moment(everything: None, change: Callable[[], Any]) -> None:
    watch = Watch()
    before = look(watch)
    change()
    assert look(watch) is not before


def test_what_is_rolled_back_has_never_been(everything: None) -> None:
    watch = Watch()
    before = look(watch)
    with transaction.atomic():
        LevelOfCare.objects.all().delete()
        transaction.set_rollback(True)
    assert look(watch) is before


def test_work_on_drafts_changes_nothing(everything: None) -> None:
    watch = Watch()
    before = look(watch)
    make_page(slug="another")
    Page.objects.update(title="Another title")
    assert look(watch) is before


@pytest.mark.django_db
def test_a_look_is_one_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    watch = Watch()
    watch.look()
    with django_assert_num_queries(1):
        watch.look()


# --- What changes by itself -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_comes_next_is_a_beginning_or_an_end_or_a_day(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)
    make_site_settings()

    def next_one() -> timedelta:
        return datetime.fromtimestamp(next_change(NOW.timestamp()), UTC) - NOW

    # Midnight in New York
    assert next_one() == timedelta(hours=12)
    hours = {name: NOW + timedelta(hours=count) for name, count in (("third", 3), ("fifth", 5))}
    ending = publish(page=make_page(), by=None, starts_at=None, ends_at=hours["fifth"])
    assert next_one() == timedelta(hours=5)
    beginning = publish(page=make_page(), by=None, starts_at=hours["third"])
    assert next_one() == timedelta(hours=3)
    cancel(publication=beginning, by=None)
    assert next_one() == timedelta(hours=5)
    assert ending.ends_at == hours["fifth"]


@pytest.mark.django_db
def test_a_moment_ends_when_its_time_comes(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOW, tick=False)
    make_site_settings()
    watch = Watch()
    before = watch.look()
    time_machine.move_to(NOW + timedelta(hours=11, minutes=59), tick=False)
    assert watch.look() is before
    assert watch.good_until == before.until - 60 + 1
    time_machine.move_to(NOW + timedelta(hours=12), tick=False)
    assert watch.look() is not before


# --- The thread -----------------------------------------------------------------------------------------------------


class Looks:
    """Stands where the database is asked: `answer` is called by the thread for each look."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.watch = Watch()
        self.answer: Callable[[], Moment] = self.unchanged
        self.moment = Moment("", float("inf"))
        self.happened = threading.Semaphore(0)
        monkeypatch.setattr(self.watch, "look", self.look)
        monkeypatch.setattr(watch_module, "LOOK_EVERY_SECONDS", 0.001)
        # There is no database to be patient with.
        monkeypatch.setattr(watch_module, "patience", nullcontext)

    def look(self, warm_up: Any = None) -> Moment:
        try:
            return self.answer()
        finally:
            self.happened.release()

    def unchanged(self) -> Moment:
        self.watch.is_away, self.watch.moment, self.watch.good_until = False, self.moment, float("inf")
        with self.watch._looked:
            self.watch._looked.notify_all()
        return self.moment

    def wait_for(self, number: int = 2) -> None:
        """Until so many further looks have happened, the last of them wholly."""
        for _number in range(number + 1):
            self.happened.acquire()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Looks]:
    looks = Looks(monkeypatch)
    yield looks
    looks.watch.end()


def refuse() -> Moment:
    raise OperationalError("connection to server at 10.0.0.3 failed")


@pytest.mark.django_db
def test_a_moment_is_shown_when_everything_is_ready_for_it() -> None:
    told: list[Moment] = []
    watch = Watch(prepare=told.append)
    first = look(watch)
    look(watch)
    assert told == [first]

    def fail(moment: Moment) -> None:
        raise OperationalError

    watch.prepare = fail
    make_level_of_care()
    with pytest.raises(OperationalError):
        look(watch)
    assert watch.moment is first


@pytest.mark.parametrize("problem", [refuse, lambda: 1 / 0])
def test_a_look_that_fails_says_so_once_and_the_next_ones_go_on(
    looks: Looks, problem: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    looks.answer = problem
    looks.watch.begin()
    looks.wait_for(5)
    assert looks.watch.is_away
    assert caplog.text.count("The database is away") == 1
    assert "10.0.0.3" not in caplog.text
    looks.answer = looks.unchanged
    looks.wait_for()
    assert not looks.watch.is_away


def test_a_look_that_hangs_is_waited_for_once(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "PATIENCE_SECONDS", 0.01)
    goes_on = threading.Event()

    def hang() -> Moment:
        goes_on.wait()
        return looks.unchanged()

    looks.answer = hang
    looks.watch.begin()
    looks.watch.wait()
    assert looks.watch.is_away
    # Nobody waits any more; this would otherwise be for ever.
    monkeypatch.setattr(watch_module, "PATIENCE_SECONDS", None)
    looks.watch.wait()
    # The look that hangs has this; every request begins the watch.
    with looks.watch._looking:
        visitor = threading.Thread(target=looks.watch.begin, daemon=True)
        visitor.start()
        visitor.join(5)
        assert not visitor.is_alive()
    goes_on.set()
    looks.wait_for()
    assert not looks.watch.is_away


def test_a_second_beginning_changes_nothing(looks: Looks) -> None:
    looks.watch.begin()
    looks.watch.begin()
    looks.wait_for()
    assert sum(thread is looks.watch._thread for thread in threading.enumerate()) == 1


def test_what_comes_afterwards_is_told_what_is_shown(looks: Looks) -> None:
    told: list[Moment] = []
    looks.watch.afterwards = told.append
    looks.watch.begin()
    looks.wait_for()
    assert told[0] is looks.moment
