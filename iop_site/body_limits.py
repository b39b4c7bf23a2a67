"""How much may be sent to which address. Imported by gunicorn's worker too, before there is a Django."""

from __future__ import annotations

# The form with every field full and everything percent-encoded is below it.
MOST_BYTES = 64 * 1024
# So much is still read where the form is sent, so that it can be given back as it was.
MOST_BYTES_GIVEN_BACK = 1024 * 1024
# A picture of 15 MB with its form (content/pictures.py), and some more to be told that it is too large.
MOST_BYTES_OF_STAFF = 20 * 1024 * 1024
STAFF = "/admin/"


def most_bytes_read(path: str) -> int:
    """What is ever read of a body sent to `path`; a longer one is refused unread."""
    return MOST_BYTES_OF_STAFF if path.startswith(STAFF) else MOST_BYTES_GIVEN_BACK
