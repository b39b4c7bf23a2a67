"""Every step of an enquiry survives the death of whoever is at it; `make faults` is the long run."""

from __future__ import annotations

from tests.faults.campaign import Campaign, of
from tests.faults.points import POINTS, Where, slug_of
from tests.faults.results import is_undisturbed

# Those of each place at which most could be lost or doubled; the long run takes all.
SHORT = {
    "task inserted",
    "after COMMIT",
    "before the answer",
    "file synced",
    "kept",
    "enquiry and task inserted",
    "stored",
    "mail owed",
    "accepted by SMTP",
}


def test_no_death_loses_or_doubles_an_enquiry_and_every_point_is_really_passed(campaign: Campaign) -> None:
    chosen = {where: [point for point in of(where) if point.name in SHORT] for where in Where}
    campaign.kill_at(chosen[Where.WEB], 1)
    campaign.until_told()
    campaign.kill_at_spool(chosen[Where.SPOOL], 1)
    campaign.kill_at_draining(chosen[Where.DRAIN], 1)
    campaign.kill_at(chosen[Where.WORK], 1)
    counted = campaign.settle()
    assert not counted.problems
    assert campaign.site.kills().total() == len(SHORT)
    assert campaign.site.passed() == {slug_of(point) for point in POINTS}
    assert set(campaign.crowd.pages) == {200}
    assert counted.all.refused > 0
    # Nobody was killed who had sent an e-mail of these.
    undisturbed = [tally for group, tally in counted.groups.items() if is_undisturbed(group)]
    assert undisturbed
    assert sum(tally.told_again for tally in undisturbed) == 0
