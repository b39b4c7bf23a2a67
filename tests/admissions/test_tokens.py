from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.signing import TimestampSigner

from admissions import tokens
from admissions.tokens import State

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_each_token_has_a_nonce_of_its_own() -> None:
    nonces = {tokens.read(tokens.issue()).nonce for _ in range(100)}
    assert len(nonces) == 100
    assert "" not in nonces


@pytest.mark.parametrize(("age", "state"), [(timedelta(hours=23), State.VALID), (timedelta(hours=25), State.EXPIRED)])
def test_a_token_holds_for_a_day(age: timedelta, state: State) -> None:
    with time_machine.travel(NOON, tick=False):
        token = tokens.issue()
    with time_machine.travel(NOON + age, tick=False):
        assert tokens.read(token).state is state


def test_an_expired_token_gives_no_nonce() -> None:
    with time_machine.travel(NOON, tick=False):
        token = tokens.issue()
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        assert tokens.read(token).nonce == ""


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "a:b:c",
        "\x00",
        "ünïcode:1:2",
        TimestampSigner(salt="another").sign("nonce"),
        TimestampSigner(salt="admissions.form-token", key="another site's key").sign("nonce"),
    ],
)
def test_what_was_not_signed_here_for_this_is_foreign(token: str) -> None:
    assert tokens.read(token) == tokens.FormToken(State.FOREIGN)


def test_a_changed_nonce_is_foreign() -> None:
    assert tokens.read("x" + tokens.issue()).state is State.FOREIGN


def test_the_stored_key_does_not_give_the_nonce_away() -> None:
    assert tokens.idempotency_key("nonce") == tokens.idempotency_key("nonce") != tokens.idempotency_key("other")
    assert "nonce" not in tokens.idempotency_key("nonce")


def test_the_digest_depends_on_the_nonce_and_on_every_byte() -> None:
    digest = tokens.content_digest("nonce", b"text")
    assert digest == tokens.content_digest("nonce", b"text")
    assert digest not in {tokens.content_digest("other", b"text"), tokens.content_digest("nonce", b"texts")}
