"""Database triggers that give Revision a new token when anything changes that visitors read, however it is changed.

On PostgreSQL they act at the end of the transaction: two that publish at once then wait for each other's last moment
alone, and can never wait for each other in a circle. They are put in place after every migrate, as those of
iop_site/append_only.py are. A migration that changes rows of these tables cannot alter the same table in one
transaction on PostgreSQL ("pending trigger events"): make two of it.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, models

from content.models import Cancellation, ClinicalReview, Publication, ReviewWithdrawal, Revision
from content.published import facts

# What is live, beside the facts. The texts themselves are versions, which never change.
WATCHED: tuple[type[models.Model], ...] = (Publication, Cancellation, ClinicalReview, ReviewWithdrawal)
EVENTS = ("INSERT", "UPDATE", "DELETE")
REVISION = Revision._meta.db_table

POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION renew_revision() RETURNS trigger AS $$
BEGIN
    INSERT INTO "{REVISION}" (id, token) VALUES (1, md5(random()::text || clock_timestamp()::text))
    ON CONFLICT (id) DO UPDATE SET token = EXCLUDED.token;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql
"""  # noqa: S608 -- our own names
# Neither can meet what another statement wanted done in case of a conflict.
SQLITE_RENEWAL = (
    f'DELETE FROM "{REVISION}"; INSERT INTO "{REVISION}" (id, token) VALUES (1, lower(hex(randomblob(16))));'  # noqa: S608
)


def install(using: str = "default", **kwargs: Any) -> None:
    """Run again, it changes nothing. A receiver of post_migrate."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    watched = [model._meta.db_table for model in (*WATCHED, *facts.registered())]
    if not existing.issuperset([REVISION, *watched]):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
            present = {name for (name,) in cursor.fetchall()}
            for table in watched:
                if f"{table}_revision" not in present:
                    cursor.execute(
                        f'CREATE CONSTRAINT TRIGGER "{table}_revision" AFTER {" OR ".join(EVENTS)} ON "{table}"'
                        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION renew_revision()"
                    )
        else:
            for table in watched:
                for event in EVENTS:
                    cursor.execute(
                        f'CREATE TRIGGER IF NOT EXISTS "{table}_revision_{event.lower()}" AFTER {event} ON "{table}"'
                        f" BEGIN {SQLITE_RENEWAL} END"
                    )
