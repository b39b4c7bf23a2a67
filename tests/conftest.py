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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser last: what it shows broken, a quicker test mostly shows better."""
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)


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
