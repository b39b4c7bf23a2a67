"""The points at which a process of the site is killed: each step from a form that was sent to an e-mail that is gone.

This is the one list. The product knows nothing of it: killing.py wraps the functions named here, from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """Who is at it. What takes enquiries out of the spool is a thread of each process, of the web and of the worker."""

    WEB = "web"
    SPOOL = "spool"
    DRAIN = "drain"
    WORK = "work"


@dataclass(frozen=True)
class Point:
    """`target`: "module:name" of a function, called through that name by the product. `moment`: before or after it.
    `begins`: what the last argument has to begin with, else the call is another one."""

    where: Where
    name: str
    target: str
    moment: str
    begins: bytes = b""


CREATE = "admissions.views.create"
RECEIVING = "admissions.receiving"
SPOOL = "admissions.spool"
COMMIT = "django.db.backends.base.base:BaseDatabaseWrapper._commit"
ENQUEUE = "django_tasks_db.backend:DatabaseBackend.enqueue"
SEND = "iop_site.buffered_worker:Outgoing.sendall"
WORKER = "django_tasks_db.management.commands.db_worker:Worker.run_task"
DONE = "django_tasks_db.models:DBTaskResult.set_successful"
SEE_OTHER = b"HTTP/1.1 303"

POINTS = (
    # A visitor's request, while the database is there
    Point(Where.WEB, "form read", f"{CREATE}:_submit", "before"),
    Point(Where.WEB, "sealed", f"{RECEIVING}:_sealed", "after"),
    Point(Where.WEB, "before BEGIN", f"{RECEIVING}:store", "before"),
    Point(Where.WEB, "counted for its place", "admissions.rates:count", "after"),
    Point(Where.WEB, "enquiry inserted", ENQUEUE, "before"),
    Point(Where.WEB, "task inserted", ENQUEUE, "after"),
    Point(Where.WEB, "before COMMIT", COMMIT, "before"),
    Point(Where.WEB, "after COMMIT", COMMIT, "after"),
    Point(Where.WEB, "found: sent before", f"{RECEIVING}:_sent_again", "before"),
    Point(Where.WEB, "before the answer", SEND, "before", SEE_OTHER),
    Point(Where.WEB, "after the answer", SEND, "after", SEE_OTHER),
    # The same, while the database is away
    Point(Where.SPOOL, "not stored", f"{SPOOL}:keep", "before"),
    Point(Where.SPOOL, "file made", f"{SPOOL}:_as_bytes", "after"),
    Point(Where.SPOOL, "file written", f"{SPOOL}:os.fsync", "before"),
    Point(Where.SPOOL, "file synced", f"{SPOOL}:os.link", "before"),
    Point(Where.SPOOL, "file linked", f"{SPOOL}:os.link", "after"),
    Point(Where.SPOOL, "folder synced", f"{SPOOL}:_sync", "after"),
    Point(Where.SPOOL, "kept", f"{SPOOL}:keep", "after"),
    Point(Where.SPOOL, "kept, before the answer", SEND, "before", SEE_OTHER),
    # When it is back
    Point(Where.DRAIN, "file read", f"{SPOOL}:read", "after"),
    Point(Where.DRAIN, "enquiry and task inserted", f"{RECEIVING}:_insert", "after"),
    Point(Where.DRAIN, "stored", f"{RECEIVING}:store", "after"),
    Point(Where.DRAIN, "before it is taken out", f"{SPOOL}:take_out", "before"),
    Point(Where.DRAIN, "taken out, folder not synced", f"{SPOOL}:_sync", "before"),
    Point(Where.DRAIN, "taken out", f"{SPOOL}:take_out", "after"),
    # The e-mail to staff
    Point(Where.WORK, "task claimed", WORKER, "before"),
    Point(Where.WORK, "mail owed", "iop_site.mail:deliver", "before"),
    Point(Where.WORK, "before SMTP", "iop_site.mail:send_mail", "before"),
    Point(Where.WORK, "accepted by SMTP", "iop_site.mail:send_mail", "after"),
    Point(Where.WORK, "no longer owed", "iop_site.mail:_sent", "after"),
    Point(Where.WORK, "before the task is done", DONE, "before"),
    Point(Where.WORK, "task done", DONE, "after"),
)
# From here on a mail server has an e-mail, and nobody has written down that its task is done: killed there, or cut off
# from the database, it is sent again rather than never.
MAY_BE_SENT_AGAIN = ("accepted by SMTP", "no longer owed", "before the task is done")


def slug_of(point: Point) -> str:
    """As a file is called."""
    return "".join(character if character.isalnum() else "-" for character in f"{point.where} {point.name}")
