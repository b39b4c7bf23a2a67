"""How many enquiries come from one place, and from everywhere, in an hour: counted in one table by one statement.

The place is a keyed digest of an address that changes each day: who has the table cannot tell where anybody was, or
that the same one came back another day.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from admissions.models import RateCount

EVERYBODY = "all"
# From this part of the most that is taken in an hour, enquiries go into quarantine. Many people may share an address:
# those of a school, of a hospital, of a carrier.
SUSPECT_PART_FROM_ONE = 0.15
SUSPECT_PART_FROM_ALL = 0.1
# Words of crisis are taken long after anything else is refused, and yet no program can fill the disk with them.
URGENT_TIMES = 10
# An IPv6 customer has a whole network of this size.
IPV6_NETWORK_BITS = 64


class TooMany(Exception):
    """More than can be from people."""


class Counts(NamedTuple):
    from_one: int
    from_all: int

    @property
    def are_suspect(self) -> bool:
        return (
            self.from_one > settings.ENQUIRIES_AN_HOUR_FROM_ONE * SUSPECT_PART_FROM_ONE
            or self.from_all > settings.ENQUIRIES_AN_HOUR * SUSPECT_PART_FROM_ALL
        )

    def refuse_too_many(self, *, is_urgent: bool) -> None:
        times = URGENT_TIMES if is_urgent else 1
        if (
            self.from_one > settings.ENQUIRIES_AN_HOUR_FROM_ONE * times
            or self.from_all > settings.ENQUIRIES_AN_HOUR * times
        ):
            raise TooMany


def count(place: str, now: datetime, *, is_urgent: bool = False) -> Counts:
    """One more from `place` in this hour; raises TooMany, of what `is_urgent` at URGENT_TIMES as many. Within the
    caller's transaction, so what is not stored does not count."""
    hour = int(now.timestamp()) // 3600
    table = connection.ops.quote_name(RateCount._meta.db_table)
    with connection.cursor() as cursor:
        # In this order for everybody: two transactions that took them in opposite orders would wait for each other.
        cursor.execute(
            f"INSERT INTO {table} (key, hour, count) VALUES (%s, %s, 1), (%s, %s, 1)"  # noqa: S608 -- our own names
            f" ON CONFLICT (key, hour) DO UPDATE SET count = {table}.count + 1 RETURNING key, count",
            [place, hour, EVERYBODY, hour],
        )
        counted = dict(cursor.fetchall())
    counts = Counts(counted[place], counted[EVERYBODY])
    counts.refuse_too_many(is_urgent=is_urgent)
    return counts


def forget(now: datetime) -> int:
    """Remove what was counted before today; how many rows."""
    today = int(now.timestamp()) // 86_400 * 24
    return RateCount.objects.filter(hour__lt=today).delete()[0]


def place_of(request: HttpRequest, now: datetime) -> str:
    """A digest of where `request` comes from, good for a day."""
    day = int(now.timestamp()) // 86_400
    key = hashlib.sha256(f"admissions.rates {day} {settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, _network(_address(request)).encode(), hashlib.sha256).hexdigest()


def _address(request: HttpRequest) -> str:
    """Of the visitor, as far as our own proxies say; what else stands in X-Forwarded-For anybody may have written."""
    depth = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if depth and len(forwarded) >= depth:
        return forwarded[-depth]
    return request.META.get("REMOTE_ADDR", "")


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, IPV6_NETWORK_BITS), strict=False))
    return str(parsed.ipv4_mapped or parsed if parsed.version == 6 else parsed)
