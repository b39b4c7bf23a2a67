"""What an export carries, and that an import makes the same of it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from content import reviewing
from content.freezing import digest_of
from content.models import BLOCK_MODELS, OfficeHours, Page, PageVersion, Picture, PreviewLink, Publication, WritingRule
from content.publishing import publish
from content.transfer.archive import MANIFEST
from content.transfer.exporting import export_site
from content.transfer.importing import import_site
from content.transfer.kinds import KINDS, LEFT_OUT
from iop_site.append_only import Immutable
from tests.content.factories import live_publication, make_page
from tests.content.transferring import (
    contents,
    empty_site,
    everything,
    export_full_site,
    files,
    make_full_site,
    make_picture,
)
from tests.factories import make_enquiry
from tests.settings import clean_environment

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.zip"


def members(path: Path) -> dict[str, dict[str, object]]:
    return json.loads(contents(path)[MANIFEST])["members"]


def keys(model: type) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


# The same


def test_everything_is_the_same_afterwards(path: Path) -> None:
    make_full_site()
    before, pictures = everything(), files()
    export_site(path)
    empty_site()
    import_site(path)
    assert everything() == before
    assert files() == pictures
    assert len(pictures) == 4


def test_an_export_of_an_import_is_the_same_to_the_byte(path: Path, tmp_path: Path) -> None:
    export_full_site(path)
    import_site(path)
    again = tmp_path / "again.zip"
    export_site(again)
    assert members(again) == members(path)


def test_what_visitors_read_is_the_same(client: Client, path: Path) -> None:
    page = make_full_site()
    before = {address: client.get(address).content for address in ("/second/", "/goals/")}
    assert b"A door" in before["/second/"]
    export_site(path)
    empty_site()
    assert client.get("/second/").status_code == 404
    import_site(path)
    assert {address: client.get(address).content for address in before} == before
    assert client.get("/first/")["Location"] == "/second/"
    assert Page.objects.get(slug="second").uid == page.uid


def test_every_version_has_its_digest(path: Path) -> None:
    export_full_site(path)
    import_site(path)
    assert PageVersion.objects.count() == 3
    assert all(digest_of(version.document) == version.digest for version in PageVersion.objects.all())


def test_work_goes_on_after_an_import(path: Path) -> None:
    export_full_site(path)
    import_site(path)
    before = {model: keys(model) for model in (Page, PageVersion, Publication, OfficeHours, Picture)}
    page = Page.objects.get(slug="second")
    page.title = "A new title"
    page.save()
    assert publish(page=page, by=None).version.number == 3
    make_page()
    make_picture(100)
    OfficeHours.objects.create(site_id=1, weekday=1, opens_at="09:00", closes_at="10:00")
    assert all(keys(model)[-1] > max(old) for model, old in before.items())


def test_versions_still_cannot_be_changed_after_an_import(path: Path) -> None:
    export_full_site(path)
    import_site(path)
    with pytest.raises(Immutable):
        PageVersion.objects.update(digest="x")
    with pytest.raises(Exception, match="can only be added to"), connection.cursor() as cursor:
        cursor.execute("UPDATE content_pageversion SET digest = 'x'")


# People


def without_people() -> None:
    connection.check_constraints()
    User.objects.all().delete()


def test_who_has_no_account_here_is_given_one_that_is_switched_off(path: Path) -> None:
    export_full_site(path)
    without_people()
    imported = import_site(path)
    assert imported.made == ["rosa", "wren"]
    assert imported.found == []
    for user in User.objects.all():
        assert not user.is_active
        assert not user.is_staff
        assert not user.has_usable_password()
        assert user.email == ""
    assert PageVersion.objects.filter(created_by__username="wren").count() == 2


def test_who_has_an_account_here_is_known_by_its_name(path: Path) -> None:
    export_full_site(path)
    without_people()
    User.objects.create_user("somebody-else")
    User.objects.create_user("wren", password="a long enough password", is_staff=True)
    imported = import_site(path)
    assert (imported.found, imported.made) == (["wren"], ["rosa"])
    wren = User.objects.get(username="wren")
    assert wren.has_usable_password()
    assert Page.objects.get(slug="second").draft_author_ids == []
    assert PageVersion.objects.get(number=2).author_ids == [wren.pk, User.objects.get(username="rosa").pk]


def test_who_wrote_a_version_cannot_sign_it_on_the_other_site_either(path: Path) -> None:
    export_full_site(path)
    without_people()
    import_site(path)
    wren = User.objects.get(username="wren")
    wren.is_active = True
    wren.save()
    wren.user_permissions.add(Permission.objects.get(codename="sign_version"))
    wren = User.objects.get(pk=wren.pk)
    apps.get_model("content", "ReviewerProfile").objects.create(user=wren, credential="x", public_role="y")
    version = PageVersion.objects.get(page__slug="second", number=1)
    assert "You wrote part of this text" in reviewing.why_not(version=version, by=wren)


# What is in it, and what is not


def test_every_model_is_carried_or_left_out_with_a_reason() -> None:
    carried = {kind.model for kind in KINDS}
    own = set(apps.get_app_config("content").get_models(include_auto_created=True))
    assert carried | set(LEFT_OUT) == own
    assert not carried & set(LEFT_OUT)
    assert set(BLOCK_MODELS) <= carried


def test_enquiries_accounts_and_preview_links_are_never_exported(path: Path, admin_user: User) -> None:
    page = make_full_site()
    enquiry = make_enquiry()
    link = PreviewLink.objects.create(
        version=live_publication(page).version, token_hash=PreviewLink.hash_of("x"), made_for="Jo", made_by=admin_user
    )
    User.objects.filter(username="wren").update(password="a-hash-of-a-password", last_name="Lastname")
    export_site(path)
    assert {Path(name).parts[0] for name in contents(path)} == {"media", MANIFEST, *(kind.member for kind in KINDS)}
    everything_in_it = b"".join(contents(path).values())
    for secret in (enquiry.reference, link.token_hash, "a-hash-of", "Lastname", "rosa@example.org", "admin@"):
        assert secret.encode() not in everything_in_it
    assert b"wren" in everything_in_it


def test_its_owner_alone_may_read_it(path: Path) -> None:
    export_site(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_site_without_anything_can_be_exported_and_imported(path: Path) -> None:
    export_site(path)
    rules = WritingRule.objects.count()
    assert rules
    import_site(path)
    assert WritingRule.objects.count() == rules


def test_the_rules_of_the_export_replace_those_that_the_software_comes_with(path: Path) -> None:
    WritingRule.objects.exclude(phrase__startswith="a").delete()
    before = list(WritingRule.objects.order_by("pk").values())
    export_site(path)
    empty_site()
    WritingRule.objects.create(kind="wording", phrase="committed suicide", suggestion="x").delete()
    import_site(path)
    assert list(WritingRule.objects.order_by("pk").values()) == before


# Pictures


def test_a_picture_that_is_there_already_is_left_alone(path: Path, media: Path) -> None:
    make_full_site()
    before = files()
    export_site(path)
    empty_site()
    name = next(iter(before))
    default_storage.save(name, ContentFile(before[name]))
    os.utime(media / name, (1, 1))
    import_site(path)
    assert (media / name).stat().st_mtime == 1


def test_what_a_stopped_import_left_of_a_picture_is_replaced(path: Path) -> None:
    make_full_site()
    before = files()
    export_site(path)
    empty_site()
    default_storage.save(next(iter(before)), ContentFile(b"half of it"))
    import_site(path)
    assert files() == before


# From one database to another: the tests run on each, and a second site is always on SQLite.


def manage(data_dir: Path, *arguments: str) -> str:
    environment = clean_environment() | {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "iop_site.settings"}
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_there_and_back_through_another_site(path: Path, tmp_path: Path, migrated: Path) -> None:
    make_full_site()
    before = everything()
    export_site(path)
    other, back = shutil.copytree(migrated, tmp_path / "other"), tmp_path / "back.zip"
    assert "3 versions" in manage(other, "import_site", str(path))
    manage(other, "export_site", str(back))
    assert members(back) == members(path)
    empty_site()
    import_site(back)
    assert everything() == before
