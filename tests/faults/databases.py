"""What happens to a PostgreSQL server: really, and until the end of each `with`."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from typing import Any

import psycopg2

from tests.faults.disks import filled, small_disk
from tests.faults.running import children_of
from tests.postgres import Server

DISK_BYTES = 4 * 1024 * 1024
TABLE = "admissions_enquiry"


def be_durable(server: Server) -> None:
    """An acknowledged commit survives the server's death, as it does by default. tests/postgres.py leaves that out."""
    execute(server, "ALTER ROLE postgres SET synchronous_commit = on")


def execute(server: Server, *statements: str, quietly: bool = False) -> None:
    """Through the server's own socket, which is always open to us."""
    address = {"host": str(server.folder), "port": server.port, "user": "postgres", "dbname": "postgres"}
    with closing(psycopg2.connect(**address, connect_timeout=60)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """At once, as by `pg_ctl stop -m immediate`: whoever was in the middle of something is cut off."""
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait()
    try:
        yield
    finally:
        server.start()


@contextmanager
def paused(server: Server) -> Iterator[None]:
    """It neither answers nor refuses: connections are taken by the kernel, and that is all."""
    pids = [server.process.pid, *children_of(server.process.pid)]
    for pid in pids:
        _signal(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        # What came meanwhile may have begun in another process.
        for pid in {*pids, *children_of(server.process.pid)}:
            _signal(pid, signal.SIGCONT)


@contextmanager
def refusing(server: Server) -> Iterator[None]:
    """It is there and takes nobody in, as after a wrong password or with too many connections."""
    path = server.folder / "data" / "pg_hba.conf"
    before = path.read_text()
    path.write_text("local all all trust\nhost all all all reject\n")
    execute(server, "SELECT pg_reload_conf()")
    # The server reads it a moment later.
    execute(server, "SELECT pg_sleep(0.2)", END_OTHERS)
    try:
        yield
    finally:
        path.write_text(before)
        execute(server, "SELECT pg_reload_conf()")


END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND client_port > 0"


@contextmanager
def read_only(server: Server) -> Iterator[None]:
    """As a standby, or a server whose owner runs out of disk."""
    execute(server, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        yield
    finally:
        execute(server, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")


@contextmanager
def full(server: Server) -> Iterator[None]:
    """The disk that enquiries lie on has no room left. Raises disks.NoDisk where none can be made."""
    with small_disk(server.folder / "small", DISK_BYTES) as disk:
        if server.account:
            os.chown(disk, server.account.pw_uid, server.account.pw_gid)
        execute(server, f"CREATE TABLESPACE small LOCATION '{disk}'", f"ALTER TABLE {TABLE} SET TABLESPACE small")
        try:
            with filled(disk):
                yield
        finally:
            execute(server, f"ALTER TABLE {TABLE} SET TABLESPACE pg_default", "DROP TABLESPACE small")


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


Fault = Callable[[Server], AbstractContextManager[Any]]
FAULTS: dict[str, Fault] = {
    "stopped": stopped,
    "paused": paused,
    "refusing": refusing,
    "read-only": read_only,
    "disk full": full,
}
