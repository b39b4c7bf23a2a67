from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from admissions import receipts
from admissions.receipts import Receipt

NOW = datetime(2027, 3, 1, 17, tzinfo=UTC)
RECEIPTS = [
    Receipt("23456789", None, NOW),
    Receipt("23456789", NOW + timedelta(hours=4), NOW, is_urgent=True),
    Receipt("23456789", None, NOW, call_at=NOW + timedelta(days=1)),
    Receipt("23456789", None, NOW, call_at=NOW + timedelta(days=1), is_call_time_asked=True),
    Receipt("23456789", None, NOW, is_call_time_lost=True),
]


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_a_receipt_is_read_as_it_was_signed(receipt: Receipt) -> None:
    assert receipts.read("23456789", receipts.sign(receipt)) == receipt


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_it_is_good_for_its_own_reference_and_unchanged(receipt: Receipt) -> None:
    signed = receipts.sign(receipt)
    assert receipts.read("98765432", signed) is None
    assert receipts.read("23456789", signed[:-1] + ("A" if signed[-1] != "A" else "B")) is None
    assert receipts.read("23456789", f"1{signed}") is None


@pytest.mark.parametrize("signed", ["", ".", "-.-.-:x", "\x00", "é", "1.2.3.4:5"])
def test_anything_else_is_none(signed: str) -> None:
    assert receipts.read("23456789", signed) is None


def test_it_is_new_for_an_hour() -> None:
    with time_machine.travel(NOW + timedelta(minutes=59), tick=False):
        assert RECEIPTS[0].is_new
    with time_machine.travel(NOW + timedelta(minutes=60), tick=False):
        assert not RECEIPTS[0].is_new
