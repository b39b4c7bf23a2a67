"""What every test may ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

# Playwright runs an event loop in the thread of the tests, and Django would refuse every query after it; none is async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


TESTS = Path(__file__).parent
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
# What the editors' pages show and answer in every single case, and what the sample says: the same on any database. On
# PostgreSQL, test_roles.py opens each of these pages, test_editor_queries.py and test_guard_race.py save in the editor
# and over one another, and the tests of what they call (publishing, reviewing, restoring, translating) run as well.
SAME_ON_ANY_DATABASE = {
    "content/test_guard_overwriting.py",
    "content/test_guard_presence.py",
    "content/test_guard_saving.py",
    "content/test_preview_admin.py",
    "content/test_publish_admin.py",
    "content/test_publish_minor_admin.py",
    "content/test_review_admin.py",
    "content/test_sample_program.py",
    "content/test_schedule_admin.py",
    "content/test_translation_admin.py",
    "content/test_versions_admin.py",
    "site/test_csp.py",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out what is the same on any database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser last: what it shows broken, a quicker test mostly shows better."""
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)
    if config.getoption("--database-only"):
        left_out = [item for item in items if not depends_on_database(item)]
        items[:] = [item for item in items if depends_on_database(item)]
        config.hook.pytest_deselected(items=left_out)


def depends_on_database(item: pytest.Item) -> bool:
    if item.path.relative_to(TESTS).as_posix() in SAME_ON_ANY_DATABASE:
        return False
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(item.fixturenames)


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_can_be_emptied() -> Iterator[None]:
    """Tests that commit have their tables emptied at the end, which the triggers rightly refuse."""
    from django.test import TransactionTestCase

    from iop_site import append_only

    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(case: TransactionTestCase) -> None:
        append_only.remove_triggers()
        flush(case)
        append_only.install_triggers()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DATA_DIR with an empty database on SQLite, to be copied: migrating takes seconds each time."""
    from tests.settings import clean_environment

    data_dir = tmp_path_factory.mktemp("migrated")
    environment = clean_environment() | {"DATA_DIR": str(data_dir)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=TESTS.parent, env=environment, check=True)
    return data_dir


@pytest.fixture
def staff_user(db: None) -> User:
    """A superuser."""
    from django.contrib.auth.models import User

    return User.objects.create_superuser("staff", "staff@example.org", "a long enough password")


@pytest.fixture
def staff_client(staff_user: User) -> Client:
    from django.test import Client

    client = Client()
    client.force_login(staff_user)
    return client


@pytest.fixture
def few_kinds_of_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page editor with a third of its forms, for tests of what is around them: one kind of block is like another
    there, and an editor with all of them takes three times as long."""
    from django.contrib import admin

    from content.models import CallToAction, KeyFact, ListItem, Page, Question, RichText

    few, editor = {RichText, KeyFact, ListItem, Question, CallToAction}, admin.site._registry[Page]
    monkeypatch.setattr(editor, "inlines", [inline for inline in editor.inlines if inline.model in few])
