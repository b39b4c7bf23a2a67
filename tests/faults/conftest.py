"""One site for all tests of this folder, on a PostgreSQL of its own, with visitors and a mail server."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterator

import pytest

from tests.faults import databases
from tests.faults.campaign import Campaign
from tests.faults.running import running_site
from tests.faults.visitors import Crowd
from tests.postgres import NoPostgres, Server, throwaway_server
from tests.smtp import MailServer


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    try:
        with throwaway_server() as server:
            databases.be_durable(server)
            yield server
    except NoPostgres as error:
        if os.environ.get("CI", "").lower() == "true":
            raise
        pytest.skip(f"No PostgreSQL, {error}")


@pytest.fixture(scope="session")
def campaign(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    # It says every word of every conversation.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    folder = tmp_path_factory.mktemp("faults")
    with MailServer() as mail, running_site(folder, server.url, mail.port) as site:
        yield Campaign(site, Crowd(site.port, site.level), mail, functools.partial(databases.stopped, server))
