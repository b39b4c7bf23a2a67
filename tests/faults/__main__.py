"""`make faults`: the long run. At least 500 kills, on PostgreSQL and on SQLite; writes tests/faults/RESULTS.md.

Can be stopped with Ctrl-C: it then mends what is broken, counts, and says what came out so far. Ends with 1 when a
promise was broken, or when it was stopped.
"""

from __future__ import annotations

import argparse
import functools
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

from iop_site.progress import Step, bar
from tests.faults import databases, outages, results
from tests.faults.campaign import Campaign, of
from tests.faults.outages import MAIL_FAULTS
from tests.faults.points import POINTS, Where
from tests.faults.results import Part
from tests.faults.running import running_site
from tests.faults.visitors import Crowd
from tests.postgres import NoPostgres, Server, throwaway_server
from tests.smtp import MailServer

# At each point; on SQLite, for which the spool is the same, at those of the web and of the work.
DEATHS, DEATHS_ON_SQLITE = 13, 5
RANDOM_DEATHS = 20
# So many deaths in one outage: with more, most visitors would be waiting for the next one.
DEATHS_AT_ONCE = 5
SEED = 20261125


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--deaths", type=int, default=DEATHS, help=f"at each point; {DEATHS}")
    deaths = parser.parse_args().deaths
    on_sqlite = max(1, deaths * DEATHS_ON_SQLITE // DEATHS)
    # It says every word of every conversation.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    random.seed(SEED)
    began, parts = time.monotonic(), []
    total = len(POINTS) * deaths + 2 * RANDOM_DEATHS + len(of(Where.WEB, Where.WORK)) * on_sqlite
    try:
        with bar(total=total, label="Kills") as step:
            parts.append(on_postgresql(deaths, step))
            if not parts[0].is_stopped:
                parts.append(on_sqlite_file(on_sqlite, step))
    except NoPostgres as error:
        sys.exit(f"Nothing can be broken without PostgreSQL: {error}.")
    return results.tell(parts, took=time.monotonic() - began, is_whole=deaths == DEATHS)


def on_postgresql(deaths: int, step: Step) -> Part:
    with throwaway_server() as server:
        databases.be_durable(server)
        with campaign_on(server.url, functools.partial(databases.stopped, server), step) as campaign:
            return run("PostgreSQL", campaign, lambda part: break_everything(campaign, part, server, deaths))


def on_sqlite_file(deaths: int, step: Step) -> Part:
    with campaign_on("", nullcontext, step) as campaign:
        return run("SQLite", campaign, lambda _part: kill_while_it_is_there(campaign, deaths))


@contextmanager
def campaign_on(database_url: str, away: Callable[[], object], step: Step) -> Iterator[Campaign]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="iop-faults-")))
        mail = stack.enter_context(MailServer())
        site = stack.enter_context(running_site(folder, database_url, mail.port))
        yield Campaign(site, Crowd(site.port, site.level), mail, away, step)


def run(database: str, campaign: Campaign, work: Callable[[Part], None]) -> Part:
    """Whatever ends it, what was sent so far is counted."""
    part = Part(database)
    try:
        work(part)
    except KeyboardInterrupt:
        part.is_stopped = True
        print("Stopped. Counting what was sent so far: a moment.", file=sys.stderr, flush=True)
    part.count = campaign.settle()
    part.kills = campaign.kills()
    part.pages_failed = sum(status != 200 for status in campaign.crowd.pages)
    part.pages = len(campaign.crowd.pages)
    return part


def kill_while_it_is_there(campaign: Campaign, deaths: int) -> None:
    campaign.kill_at(of(Where.WEB), deaths)
    campaign.until_told()
    campaign.kill_at(of(Where.WORK), deaths)


def break_everything(campaign: Campaign, part: Part, server: Server, deaths: int) -> None:
    pause = functools.partial(random.uniform, 0.2, 1.5)
    campaign.kill_at(of(Where.WEB), deaths)
    campaign.kill_at_random("web", RANDOM_DEATHS, pause)
    campaign.until_told()
    for some in batches(deaths):
        campaign.kill_at_spool(of(Where.SPOOL), some)
    # Here the worker dies as well.
    for some in batches(deaths):
        campaign.kill_at_draining(of(Where.DRAIN), some)
    campaign.kill_at(of(Where.WORK), deaths)
    campaign.kill_at_random("worker", RANDOM_DEATHS, pause)
    for name, fault in databases.FAULTS.items():
        with part.unless_no_disk(f"database: {name}"):
            outages.database(campaign, server, name, fault)
    with part.unless_no_disk("spool: disk full"):
        outages.spool_disk(campaign, databases.stopped(server))
    outages.start_without_database(campaign, server)
    for name in MAIL_FAULTS:
        campaign.settle()
        outages.mail(campaign, name)


def batches(deaths: int) -> list[int]:
    whole, rest = divmod(deaths, DEATHS_AT_ONCE)
    return [DEATHS_AT_ONCE] * whole + ([rest] if rest else [])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
