"""What else can go wrong while visitors are at work: the database, the mail server, the disk, a start without any."""

from __future__ import annotations

import http.client
from contextlib import AbstractContextManager, suppress

from tests.faults import databases
from tests.faults.campaign import Campaign
from tests.faults.databases import Fault
from tests.faults.disks import filled, small_disk
from tests.faults.running import wait_until
from tests.faults.visitors import Crowd, Form
from tests.postgres import Server
from tests.smtp import DROP, HANG

# Enquiries that are acknowledged under each fault before it ends.
ENOUGH = 6
# A few files, and no more.
SPOOL_BYTES = 64 * 1024
MAIL_FAULTS = {
    "refuses": {"connect": "421 Not now"},
    "greylists": {"RCPT": "450 Come back later"},
    "hangs": {"DATA": HANG},
    "drops": {"DATA": DROP},
}


def database(campaign: Campaign, server: Server, name: str, fault: Fault) -> None:
    """Everybody is answered as if nothing were the matter: the form, its confirmation, and the pages."""
    crowd, group = campaign.crowd, f"database: {name}"
    crowd.read_page()
    with crowd.at_work(group):
        until_acknowledged(campaign, group, 2)
        with fault(server):
            before = acknowledged(crowd, group)
            until_acknowledged(campaign, group, before + ENOUGH)
        # And a while after it.
        until_acknowledged(campaign, group, acknowledged(crowd, group) + 2)
    campaign.until_drained()


def acknowledged(crowd: Crowd, group: str) -> int:
    return sum(bool(form.references) for form in crowd.forms if form.group == group)


def until_acknowledged(campaign: Campaign, group: str, number: int) -> None:
    wait_until(
        lambda: acknowledged(campaign.crowd, group) >= number,
        f"{number} confirmations under “{group}”:\n{campaign.site.log()}",
        campaign.site.tend,
    )


def mail(campaign: Campaign, name: str) -> None:
    """It fails at least once. After a failure it is left alone for a minute, so only what is settled goes out."""
    server, group = campaign.mail, f"mail: {name}"
    before = server.connections
    server.fails |= MAIL_FAULTS[name]
    try:
        with campaign.crowd.at_work(group):
            until_acknowledged(campaign, group, ENOUGH)
            wait_until(lambda: server.connections > before, "somebody at the mail server", campaign.site.tend)
    finally:
        server.fails.clear()


def spool_disk(campaign: Campaign, away: AbstractContextManager[object]) -> tuple[Form, Form]:
    """Neither the database nor the disk takes anything: a 503 with the form on it, and once there is room a
    confirmation. The form that was given up, and the one that was sent again. Raises disks.NoDisk."""
    site, crowd = campaign.site, campaign.crowd
    crowd.group = "spool: disk full"
    site.stop_worker()
    with small_disk(site.data_dir / "spool", SPOOL_BYTES) as disk:
        with away:
            given_up, sent_again = crowd.form(), crowd.form()
            with filled(disk):
                for form in (given_up, sent_again):
                    assert crowd.post(form) == http.client.SERVICE_UNAVAILABLE
            assert crowd.post(sent_again) == http.client.SEE_OTHER
        site.start_worker()
        campaign.until_drained()
        # Nothing but the disk itself may be left on it.
        with suppress(FileNotFoundError):
            assert not list(disk.iterdir())
    return given_up, sent_again


def start_without_database(campaign: Campaign, server: Server) -> Form:
    """Pages come from disk, the form knows the levels, and an enquiry waits in the spool; its form."""
    site, crowd = campaign.site, campaign.crowd
    crowd.group = "web: start without a database"
    crowd.read_page()
    site.stop_worker()
    with databases.stopped(server):
        site.stop_web()
        site.start_web()
        crowd.read_page()
        form = crowd.form()
        assert crowd.post(form) == http.client.SEE_OTHER
        status, text, _location = crowd.ask("GET", form.confirmation)
        assert status == http.client.OK
        assert form.references[0][:4] in text
        assert site.spooled()
    site.start_worker()
    campaign.until_drained()
    return form
