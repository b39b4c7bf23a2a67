from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction

from admissions.models import Enquiry, EnquiryEvent, IllegalTransition, ReadRecord
from iop_site.append_only import Immutable
from tests.factories import make_enquiry, make_staff

pytestmark = pytest.mark.django_db

Status = Enquiry.Status
ALLOWED = {
    Status.NEW: {Status.IN_CONTACT, Status.REFERRED, Status.CLOSED},
    Status.IN_CONTACT: {Status.SCHEDULED, Status.ADMITTED, Status.REFERRED, Status.CLOSED},
    Status.SCHEDULED: {Status.IN_CONTACT, Status.ADMITTED, Status.REFERRED, Status.CLOSED},
    Status.ADMITTED: {Status.CLOSED},
    Status.REFERRED: {Status.IN_CONTACT, Status.CLOSED},
    Status.CLOSED: {Status.IN_CONTACT},
    Status.WITHDRAWN: set(),
}


@pytest.mark.parametrize(("old", "new"), list(itertools.product(Status, [*Status, "made-up"])))
def test_only_the_allowed_steps_can_be_taken(old: str, new: str) -> None:
    enquiry, staff = make_enquiry(status=old), make_staff()
    if new in ALLOWED[old]:
        event = enquiry.move_to(new, by=staff)
        assert (event.from_status, event.to_status) == (old, new)
        assert Enquiry.objects.get().status == enquiry.status == new
    else:
        with pytest.raises(IllegalTransition):
            enquiry.move_to(new, by=staff)
        assert Enquiry.objects.get().status == old
        assert not EnquiryEvent.objects.exists()


def test_a_step_from_a_status_that_is_no_longer_so_is_refused() -> None:
    enquiry, staff = make_enquiry(), make_staff()
    seen_elsewhere = Enquiry.objects.get(pk=enquiry.pk)
    enquiry.move_to(Status.CLOSED, by=staff)
    with pytest.raises(IllegalTransition, match="“Closed” now"):
        seen_elsewhere.move_to(Status.REFERRED, by=staff)


def make_event() -> EnquiryEvent:
    return make_enquiry().add_note(b"sealed", by=make_staff())


def make_record() -> ReadRecord:
    return ReadRecord.objects.create(actor=make_staff(), action=ReadRecord.Action.OPEN, references=["23456789"])


@pytest.mark.parametrize("make", [make_event, make_record])
def test_events_and_read_records_can_be_neither_changed_nor_deleted(make) -> None:
    row = make()
    for attempt in (row.save, row.delete, type(row).objects.all().delete, lambda: type(row).objects.update(at=row.at)):
        with pytest.raises(Immutable):
            attempt()
    assert type(row).objects.count() == 1


def test_an_enquiry_cannot_be_deleted() -> None:
    enquiry = make_enquiry()
    for attempt in (enquiry.delete, Enquiry.objects.all().delete, Enquiry.objects.filter(pk=enquiry.pk).delete):
        with pytest.raises(Immutable):
            attempt()
    assert Enquiry.objects.count() == 1


def test_the_database_refuses_a_status_that_is_not_known() -> None:
    enquiry = make_enquiry()
    with pytest.raises(IntegrityError, match="status_is_known"), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(status="made-up")
    assert Enquiry.objects.get().status == Status.NEW
