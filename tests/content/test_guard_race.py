"""Two saves in the same moment, and what a conflict costs."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.models import Page, RichText
from content.publishing import freeze
from tests.content.factories import add_block, make_page
from tests.content.guarding import change_url, client_of, make_mixed_page, save
from tests.content.shown_form import form_of, prefix_of


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_in_the_same_moment_one_is_refused() -> None:
    page = make_mixed_page()
    people = [client_of(name) for name in ("maria", "john")]
    forms = [form_of(client.get(change_url(page))) | {"title": f"By {number}"} for number, client in enumerate(people)]
    start, statuses = threading.Barrier(2), []

    def send(client: Client, form: dict[str, Any]) -> None:
        try:
            start.wait()
            statuses.append(save(client, page, form).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=pair) for pair in zip(people, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 409]
    assert Page.objects.get().edit_number == 1


@pytest.mark.django_db
def test_a_conflict_takes_the_same_queries_however_long_the_page() -> None:
    maria, john = client_of("maria"), client_of("john")
    refused, settled = zip(*(queries_of_a_conflict(maria, john, blocks) for blocks in (4, 8, 24)), strict=True)
    # The first is longer by what is looked up once for all.
    assert refused[0] >= refused[1] == refused[2]
    # Each block that is saved is one more, however.
    assert settled[2] - settled[1] == 24 // 2 - 8 // 2


def queries_of_a_conflict(maria: Client, john: Client, blocks: int) -> tuple[int, int]:
    """Of a save that is refused, in which every second block was rewritten, and of saving it over the other."""
    page = make_page(blocks=0)
    for number in range(blocks):
        add_block(page, RichText, body=f"<h2>Part {number}</h2><p>Its words.</p>", ordering=10 * number)
    mine = form_of(john.get(change_url(page)))
    save(maria, page, form_of(maria.get(change_url(page))) | {"title": "Hers"})
    mine |= {f"{prefix_of(RichText)}-{number}-body": f"<p>Rewritten {number}.</p>" for number in range(0, blocks, 2)}
    with CaptureQueriesContext(connection) as refused:
        answer = save(john, page, mine)
    assert len(answer.context["conflict"]["differences"]) == 1 + blocks // 2
    number = str(answer.context["conflict"]["edit_number"])
    with CaptureQueriesContext(connection) as settled:
        assert save(john, page, form_of(answer), "_overwrite", number).status_code == 302
    assert len(freeze(Page.objects.get(pk=page.pk))["blocks"]) == blocks
    return len(refused), len(settled)
