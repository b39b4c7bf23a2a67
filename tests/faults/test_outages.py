"""The database, the mail server and the disk, each broken while visitors are at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import databases, outages
from tests.faults.campaign import Campaign
from tests.faults.disks import NoDisk, small_disk
from tests.postgres import Server


def skip_without_disk(folder: Path) -> None:
    """Where nobody may mount one, as in most containers; a spool that cannot be written at all is tested elsewhere."""
    try:
        with small_disk(folder / "try", 4096):
            pass
    except NoDisk as error:
        pytest.skip(f"No small disk: {error}")


@pytest.mark.parametrize("name", databases.FAULTS)
def test_whatever_the_database_does_visitors_get_pages_and_confirmations(
    campaign: Campaign, server: Server, name: str
) -> None:
    if name == "disk full":
        skip_without_disk(server.folder)
    campaign.crowd.pages.clear()
    outages.database(campaign, server, name, databases.FAULTS[name])
    assert set(campaign.crowd.pages) == {200}


def test_a_full_disk_for_the_spool_is_no_false_success(campaign: Campaign, server: Server) -> None:
    skip_without_disk(server.folder)
    given_up, sent_again = outages.spool_disk(campaign, databases.stopped(server))
    assert given_up.told == "refused"
    assert sent_again.told == "acknowledged"
    assert not given_up.faults + sent_again.faults


def test_a_start_without_a_database_serves_pages_and_takes_enquiries(campaign: Campaign, server: Server) -> None:
    campaign.crowd.pages.clear()
    form = outages.start_without_database(campaign, server)
    assert form.fields["level_of_care"] == campaign.site.level
    assert set(campaign.crowd.pages) == {200}


def test_mail_that_fails_is_sent_in_the_end_and_nothing_was_lost_or_doubled(campaign: Campaign) -> None:
    """Counts everything that was sent so far: in the tests above as well."""
    campaign.settle()
    outages.mail(campaign, "drops")
    assert not campaign.settle().problems
