"""What staff set is known as pages are: from memory while the database is away, and after a start from disk."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import translation
from time_machine import TimeMachineFixture

from content import published
from content.models import LevelOfCare, LevelText, OfficeHours, SiteSettings, SiteText, WritingRule
from content.published import Moment, facts, reading, restart, triggers
from content.published.copies import Copies
from content.published.pages import accepting_levels, levels_of_care, live, office_hours, site_settings
from content.publishing import publish
from tests.content.factories import make_live_page, make_page, make_site_settings
from tests.content.visiting import Visitor
from tests.factories import make_level_of_care, make_office_hours
from tests.launched import ROOT
from tests.settings import clean_environment

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def level() -> LevelOfCare:
    level = make_level_of_care(name="Evening program")
    words = {"name": "Programa de tarde", "short_name": "T", "setting": "Aquí", "suits": "A usted"}
    LevelText.objects.create(level=level, language="es", **words)
    return level


@pytest.fixture
def visitor(folder: Path, level: LevelOfCare) -> Visitor:
    """Who has read everything, so that all of it is on disk."""
    site = make_site_settings(notify_email="desk@example.org")
    SiteText.objects.create(site=site, language="es", organisation_name="Farol", emergency_wording="No espere.")
    make_office_hours()
    make_live_page(slug="teens", title="Teens", is_in_menu=True)
    visitor = Visitor(folder)
    look(visitor)
    return visitor


def look(visitor: Visitor) -> None:
    visitor.look()
    visitor.copies.finish()


def copy_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / restart.FILE).read_bytes())


def refuse(*args: object, **kwargs: object) -> None:
    raise OperationalError("the words of a database")


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it: every query fails from then on."""
    return lambda: monkeypatch.setattr(QuerySet, "_fetch_all", refuse)


@pytest.fixture
def started(visitor: Visitor, folder: Path, away: Callable[[], None]) -> Visitor:
    """A process that starts while the database is away."""
    away()
    return start(folder)


def start(folder: Path) -> Visitor:
    visitor = Visitor(folder)
    visitor.watch._lose("OperationalError")
    return visitor


# --- In a moment, and outside of it -----------------------------------------------------------------------------------


def test_each_table_is_read_once_a_moment_and_else_anew(
    visitor: Visitor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    def read() -> None:
        with translation.override("es"):
            assert [level.name for level in levels_of_care()] == ["Programa de tarde"]
            assert site_settings().organisation_name == "Farol"
        assert [level.name for level in levels_of_care()] == ["Evening program"]
        assert len(office_hours()) == 5

    with reading(visitor.watch.moment), django_assert_num_queries(0):
        read()
        assert len(live()) == 1
    with reading(Moment("another", 0.0)), django_assert_num_queries(5):
        read()
        read()
    with django_assert_num_queries(6):
        read()


def test_the_words_of_another_language_change_no_shared_row(visitor: Visitor) -> None:
    with reading(visitor.watch.moment):
        with translation.override("es"):
            levels_of_care(), site_settings()
        assert facts.rows(LevelOfCare)[0].name == "Evening program"
        assert facts.rows(SiteSettings)[0].organisation_name != "Farol"


@pytest.mark.parametrize("fields", [{"is_offered": False}, {"is_accepting": False}])
def test_levels_that_take_nobody_are_not_among_those_that_do(level: LevelOfCare, fields: dict[str, bool]) -> None:
    make_level_of_care(**fields)
    assert accepting_levels() == [level]
    assert len(levels_of_care()) == 2


def test_what_nobody_registered_is_refused() -> None:
    with pytest.raises(LookupError, match="WritingRule is not registered"):
        facts.rows(WritingRule)


def test_where_nobody_knows_the_settings_the_defaults_have_to_do(away: Callable[[], None]) -> None:
    make_site_settings()
    away()
    for code in ("en", "es"):
        with translation.override(code):
            assert site_settings().organisation_name == "Our program"
    assert published.rows_or_none(OfficeHours) is None
    with pytest.raises(OperationalError):
        published.rows(OfficeHours)


@pytest.fixture
def rules_are_facts() -> Iterator[None]:
    facts.register(WritingRule)
    triggers.install()
    yield
    del facts._left_out[WritingRule]


def test_what_an_app_registers_is_watched_and_copied(rules_are_facts: None, visitor: Visitor, folder: Path) -> None:
    rule = WritingRule.objects.create(kind="wording", phrase="tempest")
    look(visitor)
    found = [facts.row_of(WritingRule, record) for record in copy_of(folder)["rows"]["content.writingrule"]]
    assert rule in found


# --- On disk ----------------------------------------------------------------------------------------------------------


def test_every_row_comes_back_as_it_was(visitor: Visitor, folder: Path) -> None:
    moment = restart.moment_from(folder / restart.FILE)
    for model in facts.registered():
        there = [vars(row) for row in model._default_manager.all()]
        with reading(moment):
            back = [vars(row) for row in facts.rows(model)]
        for row in (*there, *back):
            del row["_state"]
            row.pop("notify_email", None)
        assert back == there
    now = live()
    with reading(moment):
        assert live() == now


def test_it_has_nothing_that_staff_alone_see(visitor: Visitor, folder: Path) -> None:
    content = (folder / restart.FILE).read_text()
    assert "notify_email" not in content
    assert "desk@example.org" not in content
    with reading(restart.moment_from(folder / restart.FILE)):
        assert facts.rows(SiteSettings)[0].notify_email == ""


def test_it_is_for_this_user_alone(visitor: Visitor, folder: Path) -> None:
    assert ((folder / restart.FILE).stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_it_is_written_when_it_has_changed_and_only_then(visitor: Visitor, folder: Path) -> None:
    first = (folder / restart.FILE).stat()
    SiteSettings.load().save()
    look(visitor)
    assert (folder / restart.FILE).stat().st_ino == first.st_ino
    SiteSettings.objects.update(telephone="+16175550143")
    look(visitor)
    [site] = copy_of(folder)["rows"]["content.sitesettings"]
    assert site["telephone"] == "+16175550143"


def test_of_several_that_wait_the_last_one_alone_is_made(folder: Path) -> None:
    copies, goes_on, made = Copies(folder, 1_000), threading.Event(), []
    copies._do(goes_on.wait)
    for number in range(3):
        copies.put_file("x", functools.partial(lambda number: made.append(number) or b"%d" % number, number))
    goes_on.set()
    copies.finish()
    assert (made, (folder / "x").read_bytes()) == ([2], b"2")


# --- After a start ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"), [("/admissions/", "Evening program"), ("/es/admissions/", "Programa de tarde")]
)
def test_the_form_offers_the_levels_and_every_page_the_settings(started: Visitor, path: str, name: str) -> None:
    seen = started.get(path)
    assert seen.status == 200
    assert name in seen.text
    assert "(617) 555-0142" in seen.text


def test_what_was_known_has_to_do_however_long_it_is_away(started: Visitor, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(datetime.now(UTC) + timedelta(days=3), tick=False)
    assert "Evening program" in started.get("/admissions/").text


def test_a_page_without_a_copy_says_whom_to_call_and_what_else_there_is(started: Visitor) -> None:
    seen = started.get("/teens/")
    assert seen.status == 503
    assert "(617) 555-0142" in seen.text
    assert 'href="/teens/"' in seen.text


def test_what_has_ended_meanwhile_is_not_listed(
    folder: Path, away: Callable[[], None], time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOW, tick=False)
    publish(page=make_page(slug="summer"), by=None, ends_at=NOW + timedelta(hours=1))
    make_live_page(slug="teens")
    look(Visitor(folder))
    away()
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    with reading(start(folder).watch.moment):
        assert [page.slug for page in live()] == ["teens"]


def test_the_first_look_that_finds_the_database_ends_it(visitor: Visitor, folder: Path) -> None:
    started = start(folder)
    SiteSettings.objects.update(organisation_name="Harbor Test IOP")
    look(started)
    assert not started.watch.is_away
    assert "Harbor Test IOP" in started.get("/crisis/").text


@pytest.mark.parametrize(
    "change",
    [
        lambda copy: copy | {"format": restart.FORMAT + 1},
        lambda copy: copy | {"rows": {}},
        lambda copy: copy | {"rows": copy["rows"] | {"content.newer": []}},
        lambda copy: copy | {"rows": copy["rows"] | {"content.sitesettings": [{"id": 1}]}},
        lambda copy: copy | {"rows": copy["rows"] | {"content.officehours": [None]}},
        lambda copy: copy | {"live": [copy["live"][0] | {"colour": "red"}]},
        lambda copy: copy | {"live": [{"live_since": "now"}]},
        lambda copy: [],
        lambda copy: None,
    ],
)
def test_a_copy_of_another_release_is_none_and_one_line_says_so(
    visitor: Visitor, folder: Path, change: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    changed = change(copy_of(folder))
    (folder / restart.FILE).write_text(json.dumps(changed))
    assert start(folder).watch.moment is None
    assert caplog.text.count("There is no copy of the settings") == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", None])
def test_a_broken_copy_is_none_and_the_form_is_there_all_the_same(
    visitor: Visitor, folder: Path, content: bytes | None, away: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    path = folder / restart.FILE
    path.unlink() if content is None else path.write_bytes(content)
    away()
    started = start(folder)
    started.watch._lose("OperationalError")
    assert caplog.text.count("There is no copy of the settings") == 1
    seen = started.get("/admissions/")
    assert seen.status == 200
    assert "Not sure yet" in seen.text


SEND = """
import io, re, sys
from urllib.parse import urlencode
from iop_site.wsgi import application

def ask(method, path, body=b""):
    begun = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    answer = application(environ, lambda status, headers: begun.append((status, dict(headers))))
    return *begun[0], b"".join(answer).decode()

from admissions import tokens
from tests.factories import enquiry_data
body = urlencode(enquiry_data(level_of_care=sys.argv[1]), doseq=True).encode()
status, headers, text = ask("POST", "/admissions/", body)
print(status, headers.get("Location", text))
"""


def test_the_first_thing_a_process_is_sent_while_it_is_away_goes_to_the_spool_with_its_level(
    visitor: Visitor, level: LevelOfCare, tmp_path: Path
) -> None:
    (tmp_path / "static-public").mkdir()
    keys = {name: getattr(settings, name) for name in ("ENQUIRY_STAFF_PUBLIC_KEY", "ENQUIRY_RECOVERY_PUBLIC_KEY")}
    # Nobody listens at port 1.
    nowhere = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://someone:secret@127.0.0.1:1/site"}
    done = subprocess.run(
        [sys.executable, "-c", SEND, str(level.pk)],
        cwd=ROOT,
        env=clean_environment() | keys | nowhere | {"SECRET_KEY": "x" * 60, "SURFACE": "public"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("303 "), done.stdout + done.stderr
    [path] = (tmp_path / "spool").iterdir()
    assert json.loads(path.read_bytes())["level_of_care"] == level.pk


# --- Pages that may be left quickly -----------------------------------------------------------------------------------


@pytest.fixture
def secret(visitor: Visitor) -> Visitor:
    make_live_page(slug="for-me", title="For me", can_leave_quickly=True)
    look(visitor)
    return visitor


def test_a_page_of_which_nobody_keeps_a_copy_is_read_on_while_the_database_is_away(
    secret: Visitor, away: Callable[[], None]
) -> None:
    away()
    secret.watch._lose("OperationalError")
    assert secret.get("/for-me/").status == 200
    assert "no-store" in secret.get("/for-me/").headers["Cache-Control"]


def test_so_it_is_after_a_start(secret: Visitor, folder: Path, away: Callable[[], None]) -> None:
    away()
    answer = start(folder).get("/for-me/")
    assert answer.status == 200
    assert "For me" in answer.text
