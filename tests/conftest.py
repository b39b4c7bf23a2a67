"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

# Playwright runs an event loop in the thread of the tests, and Django would refuse every query after it; none is async.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out the tests that use no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser last: what it shows broken, a quicker test mostly shows better."""
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)
    if config.getoption("--database-only"):
        left_out = [item for item in items if not uses_database(item)]
        items[:] = [item for item in items if uses_database(item)]
        config.hook.pytest_deselected(items=left_out)


def uses_database(item: pytest.Item) -> bool:
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
