"""A database that stops answering is given up in time, and the next query has a new connection."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from django.db import Error, connection, connections, transaction

from content.models import SiteSettings
from iop_site.patience import install, patience

SOON = 0.05


@pytest.fixture
def waiting_ourselves() -> Iterator[None]:
    """The connection that the test has was opened before."""
    install()
    connection.close()
    yield
    if connection.vendor == "postgresql":
        import psycopg2.extensions

        psycopg2.extensions.set_wait_callback(None)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_is_answered_in_time_is_answered(waiting_ourselves: None) -> None:
    with patience():
        SiteSettings.objects.create(pk=SiteSettings.PK, organisation_name="Lantern")
        assert SiteSettings.load().organisation_name == "Lantern"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="there is a server to pause only there")
def test_a_server_that_is_paused_is_given_up(waiting_ourselves: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    os.kill(pid, signal.SIGSTOP)
    try:
        with patience(SOON), pytest.raises(Error):
            SiteSettings.load()
    finally:
        os.kill(pid, signal.SIGCONT)
    connection.close()
    assert SiteSettings.load().pk == SiteSettings.PK


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="there is a server to wait for only there")
def test_who_has_waited_in_vain_does_not_wait_again(waiting_ourselves: None) -> None:
    with patience(SOON):
        with pytest.raises(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")
        connection.close()
        with pytest.raises(Error):
            SiteSettings.load()
    connection.close()
    assert SiteSettings.load().pk == SiteSettings.PK


def write_and_wait() -> None:
    with transaction.atomic():
        SiteSettings.objects.create(pk=SiteSettings.PK)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does not wait inside a transaction")
def test_a_transaction_that_is_given_up_leaves_nothing_behind(waiting_ourselves: None) -> None:
    with patience(SOON), pytest.raises(Error):
        write_and_wait()
    assert not SiteSettings.objects.exists()


def busy_timeout() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere writers do not wait for each other's tables")
def test_another_writer_is_not_waited_for_long_on_sqlite() -> None:
    usual = busy_timeout()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            with patience(SOON):
                assert busy_timeout() == SOON * 1000 < usual
                with pytest.raises(Error):
                    SiteSettings.objects.create(pk=SiteSettings.PK)
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert busy_timeout() == usual
    SiteSettings.objects.create(pk=SiteSettings.PK)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere writers do not wait for each other's tables")
def test_no_patience_is_none_on_sqlite() -> None:
    with patience(0):
        assert busy_timeout() == 0
    assert busy_timeout() > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="there is a server to wait for only there")
def test_no_patience_is_none_on_postgresql(waiting_ourselves: None) -> None:
    with patience(0), pytest.raises(Error):
        SiteSettings.load()
