from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from admissions import self_testing
from admissions.models import SelfTestResult
from tests.factories import make_staff

pytestmark = pytest.mark.django_db

LIST, RUN = (reverse(f"admin:admissions_selftestresult_{name}") for name in ("changelist", "run"))


@pytest.fixture
def manager() -> Client:
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name="Site manager"))
    client = Client()
    client.force_login(user)
    return client


def queued() -> int:
    return DBTaskResult.objects.filter(task_path=self_testing.test_now.module_path).count()


def test_before_the_first_one_the_page_says_so(manager: Client) -> None:
    page = manager.get(LIST).text
    assert "It has not run yet." in page
    assert "Test now" in page


def test_the_page_says_how_the_last_one_ended_and_how_long_ago(manager: Client) -> None:
    result = SelfTestResult.objects.create(at=timezone.now() - timedelta(hours=3, minutes=5), took_ms=1234)
    page = manager.get(LIST).text
    assert "All was well" in page
    assert "3\xa0hours, 5\xa0minutes ago" in page
    assert "1.2 s" in page
    SelfTestResult.objects.create(failed_step="open", sentence="The key is <gone>.", took_ms=1)
    page = manager.get(LIST).text
    assert "It failed at “open it with the staff key”" in page
    assert "a moment ago" in page
    assert '<p class="self-test-sentence">The key is &lt;gone&gt;.</p>' in page
    SelfTestResult.objects.exclude(pk=result.pk).delete()
    SelfTestResult.objects.update(at=timezone.now() - timedelta(hours=27))
    assert "self-test-old" in manager.get(LIST).text


def test_the_button_queues_one_test_and_leaves_a_log_entry(manager: Client) -> None:
    for _click in range(2):
        assert manager.post(RUN).headers["Location"] == LIST
    assert queued() == 1
    assert LogEntry.objects.get().user.username == "manager"
    page = manager.get(LIST).text
    assert "A test is under way." in page
    assert "Test now" not in page
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert "Test now" in manager.get(LIST).text


def test_following_a_link_queues_nothing(manager: Client) -> None:
    assert manager.get(RUN).status_code == 405
    assert queued() == 0


def test_who_may_look_may_not_ask(client: Client) -> None:
    client.force_login(make_staff("view_selftestresult"))
    assert "Test now" not in client.get(LIST).text
    assert client.post(RUN).status_code == 403
    assert queued() == 0


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.post(RUN).status_code == 302
    assert queued() == 0


def test_nobody_adds_changes_or_deletes_a_result(staff_client: Client) -> None:
    result = SelfTestResult.objects.create(took_ms=1)
    urls = [reverse("admin:admissions_selftestresult_add")]
    urls += [reverse(f"admin:admissions_selftestresult_{name}", args=[result.pk]) for name in ("change", "delete")]
    assert [staff_client.post(url).status_code for url in urls] == [403, 403, 403]
