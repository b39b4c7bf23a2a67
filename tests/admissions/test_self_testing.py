"""The site's test of itself against a site that really answers, and each of its steps broken for real."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from admissions import draining, receiving, self_test, self_test_visit, self_testing, tasks
from admissions.models import Enquiry, RateCount, ReadRecord, SelfTestResult
from admissions.references import spoken
from content.models import SiteSettings
from iop_site.models import OwedMail
from tests.admissions.keys import key_pair
from tests.content.factories import make_site_settings
from tests.factories import enquiry_data, make_enquiry
from tests.postgres import free_port
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
Step = SelfTestResult.Step


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        yield server


@pytest.fixture
def site(live_server: Any, mail_server: MailServer, settings: Any) -> str:
    """A site in which all is well."""
    settings.SITE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["localhost"]
    make_site_settings(notify_email="desk@example.org")
    return live_server.url


@contextmanager
def answering(status: int, body: bytes = b"", **headers: str) -> Iterator[str]:
    """The address of a server that always says this."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def failed(step: str, *words: str) -> SelfTestResult:
    """Run it, and see that it fails at `step` with a sentence that has `words`, and leaves nothing behind."""
    result = self_testing.run()
    assert result.failed_step == step, result.sentence
    for part in words:
        assert part in result.sentence
    assert SelfTestResult.latest() == result
    assert not Enquiry.objects.exists()
    return result


# --- All is well ----------------------------------------------------------------------------------------------------


def test_it_goes_from_the_form_to_the_notice_and_is_removed(site: str, mail_server: MailServer) -> None:
    other = make_enquiry()
    result = self_testing.run()
    assert (result.failed_step, result.sentence) == ("", "")
    assert list(Enquiry.objects.all()) == [other]
    [mail] = [mail for mail in mail_server.received if "Self-test" in mail["Subject"]]
    [record] = ReadRecord.objects.all()
    assert (record.actor, record.action) == (None, ReadRecord.Action.SELF_TEST)
    assert mail["Subject"] == f"Self-test {spoken(record.references[0])}: e-mail arrives"
    assert mail["To"] == "desk@example.org"
    assert "nobody has to answer" in mail.get_content()
    assert not OwedMail.objects.exists()
    # Nothing about it is left to be done, and nothing was counted.
    assert not self_testing._notices_of(other.pk + 1).exists()
    assert not RateCount.objects.exists()


def test_only_the_last_results_are_kept(db: None) -> None:
    for number in range(33):
        SelfTestResult(took_ms=number).keep()
    assert sorted(SelfTestResult.objects.values_list("took_ms", flat=True)) == list(range(3, 33))


def test_what_killed_tests_left_is_removed_and_other_enquiries_stay(site: str) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    left, running, real = make_enquiry(), make_enquiry(), make_enquiry()
    Enquiry.objects.filter(pk__in=[left.pk, running.pk]).update(is_synthetic=True)
    Enquiry.objects.exclude(pk=running.pk).update(received_at=long_ago)
    assert self_testing.run().is_well
    assert set(Enquiry.objects.values_list("pk", flat=True)) == {running.pk, real.pk}
    assert not self_testing._notices_of(left.pk).exists()
    assert self_testing._notices_of(real.pk).exists()


def test_a_notice_about_one_that_is_gone_is_no_failure(mailoutbox: list[Any]) -> None:
    tasks.notify_staff.call(12345)
    assert mailoutbox == []


def test_a_notice_that_another_worker_has_begun_is_waited_for(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a command asks beside a worker that is at work."""
    begun = []

    def begin_and_end(seconds: float) -> None:
        begun.append(seconds)
        DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)

    stored = self_testing._stored

    def stored_and_claimed(*args: str) -> Enquiry:
        DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
        return stored(*args)

    monkeypatch.setattr(self_testing, "_stored", stored_and_claimed)
    monkeypatch.setattr(self_testing.time, "sleep", begin_and_end)
    assert self_testing.run().is_well
    assert len(begun) == 1


def test_its_addresses_are_those_of_the_site() -> None:
    assert reverse("admissions:enquiry_create") == self_test_visit.FORM_PATH
    assert reverse("admissions:enquiry_received", args=["X"]) == f"{self_test_visit.RECEIVED_PATH}X/"
    assert reverse("admin:admissions_selftestresult_changelist") == tasks.SELF_TESTS_PATH


def test_nobody_else_can_make_the_mark(client: Client) -> None:
    for mark in ("", "self-test", "self-test:1x2y3z:abcdefgh"):
        data = enquiry_data() | {self_test.FIELD: mark}
        client.post("/admissions/", urlencode(data, doseq=True), "application/x-www-form-urlencoded")
    assert Enquiry.objects.real().count() == 3


# --- Each step broken -----------------------------------------------------------------------------------------------


def test_a_site_that_is_not_there(site: str, settings: Any) -> None:
    settings.SITE_URL = f"http://127.0.0.1:{free_port()}"
    failed(Step.FORM, settings.SITE_URL, "SITE_URL", "nothing listens there")


def test_a_certificate_is_not_there_either(site: str, settings: Any) -> None:
    settings.SITE_URL = site.replace("http:", "https:")
    failed(Step.FORM, "no secure connection")


def test_a_site_that_does_not_know_its_own_name(site: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["example.org"]
    failed(Step.FORM, "answers with 400", "ALLOWED_HOSTS")


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "answers with 404"),
        (301, {"Location": "http://127.0.0.1:1/admissions/"}, "answers with 301"),
        (200, {}, "not this site’s form"),
    ],
)
def test_another_site_at_that_address(
    site: str, settings: Any, status: int, headers: dict[str, str], words: str
) -> None:
    with answering(status, b"<h1>Another site</h1>", **headers) as settings.SITE_URL:
        failed(Step.FORM, words)


def test_a_site_that_hangs(site: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_test_visit, "SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.SITE_URL = f"http://127.0.0.1:{listening.getsockname()[1]}"
        failed(Step.FORM, "no answer within")


@pytest.mark.parametrize("url", ["file:///etc", "nowhere", ""])
def test_an_address_that_is_none(site: str, settings: Any, url: str) -> None:
    settings.SITE_URL = url
    failed(Step.FORM, "SITE_URL must begin with")


def test_a_form_that_asks_for_more(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(self_testing.TYPED, "state", "")
    failed(Step.SEND, "came back to be corrected")


def test_a_site_that_cannot_keep_anything(site: str, settings: Any) -> None:
    settings.ENQUIRY_RECOVERY_PUBLIC_KEY = ""
    failed(Step.SEND, "could keep nothing")


def test_a_row_that_is_missing(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reference_at = self_test_visit.reference_at

    def and_lose_it(confirmation: str) -> str:
        reference = reference_at(confirmation)
        Enquiry.objects.all().remove_synthetic()
        return reference

    monkeypatch.setattr(self_test_visit, "reference_at", and_lose_it)
    failed(Step.STORE, "not in the database here")


def test_one_that_waits_in_the_spool_says_so_and_is_removed_next_time(
    site: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "_insert", _away)
        failed(Step.STORE, "waits in the spool")
    draining.drain()
    assert Enquiry.objects.get().is_synthetic
    Enquiry.objects.update(received_at=timezone.now() - timedelta(hours=1))
    assert self_testing.run().is_well
    assert not Enquiry.objects.exists()


def _away(*args: Any) -> None:
    raise OperationalError("away")


def test_a_wrong_staff_key(site: str, settings: Any) -> None:
    settings.ENQUIRY_STAFF_KEY = key_pair()[0]
    failed(Step.OPEN, "not the one it was sealed to")
    assert ReadRecord.objects.count() == 1


def test_no_staff_key(site: str, settings: Any) -> None:
    settings.ENQUIRY_STAFF_KEY = ""
    failed(Step.OPEN, "the staff key is not here")
    assert not ReadRecord.objects.exists()


def test_something_that_was_lost_on_the_way(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    payload_of = receiving.payload_of
    monkeypatch.setattr(receiving, "payload_of", lambda cleaned: payload_of(cleaned) | {"message": "", "new": 1})
    result = failed(Step.OPEN, "not what was sent: message, new.")
    assert "Señal" not in result.sentence


def test_a_notice_that_was_not_queued(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "notify_staff", SimpleNamespace(enqueue=lambda pk: None))
    failed(Step.NOTIFY, "no notice about it")


def test_nobody_to_tell(site: str) -> None:
    SiteSettings.objects.update(notify_email="")
    failed(Step.NOTIFY, "name no address for notices")


def test_mail_that_is_refused(site: str, mail_server: MailServer) -> None:
    mail_server.fails = {"connect": "421 Later"}
    failed(Step.NOTIFY, "did not take the notice", "421")
    # It would come with the desk's mail one day, and tell of nothing.
    assert not OwedMail.objects.exists()


def test_an_enquiry_that_stays(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queryset = type(Enquiry.objects.all())
    remove = queryset.remove_synthetic
    monkeypatch.setattr(queryset, "remove_synthetic", lambda self: 0)
    result = self_testing.run()
    assert (result.failed_step, result.sentence) == (Step.REMOVE, "The test’s own enquiry is still there.")
    assert remove(Enquiry.objects.all()) == 1


def test_a_database_that_is_away(site: str, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """Of the process that tests; a test of its own asks what the website does then."""
    monkeypatch.setattr(self_testing, "_stored", _away)
    monkeypatch.setattr(SelfTestResult, "keep", _away)
    result = self_testing.run()
    assert (result.failed_step, result.sentence) == (Step.STORE, "The database fails (OperationalError).")
    assert "could not be stored" in caplog.text


# --- Asked for ------------------------------------------------------------------------------------------------------


def test_the_command_says_that_all_is_well(site: str, capsys: Any) -> None:
    call_command("self_test")
    assert capsys.readouterr().out.startswith("All is well after ")


def test_the_command_fails_with_the_step_and_a_sentence(site: str, settings: Any) -> None:
    settings.ENQUIRY_STAFF_KEY = ""
    with pytest.raises(CommandError, match="Failed at “open it with the staff key”: Tell whoever runs this site") as e:
        call_command("self_test")
    assert e.value.returncode == 1


def test_the_workers_task_stores_the_result_and_does_not_fail(site: str, settings: Any) -> None:
    settings.ENQUIRY_STAFF_KEY = ""
    self_testing.test_now.enqueue()
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    assert SelfTestResult.objects.get().failed_step == Step.OPEN
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).exists()
