from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings

from iop_site.storage import SiteStaticFilesStorage, bundled


def sources(folder: Path, **texts: str) -> dict[str, Any]:
    """Stylesheets by name as collectstatic hands them over."""
    (folder / "css").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / "css" / f"{name}.css").write_text(text)
    storage = StaticFilesStorage(location=folder, base_url="/static/")
    return {f"css/{name}.css": (storage, f"css/{name}.css") for name in texts}


def test_imports_are_replaced_by_their_texts_in_order(tmp_path: Path) -> None:
    paths = sources(
        tmp_path, site='@import url("tokens.css");\n@import url("base.css");\n', tokens=":root {}", base="p {}"
    )
    assert bundled("css/site.css", paths) == ":root {}\np {}\n"


def test_imports_within_imports_are_replaced_too(tmp_path: Path) -> None:
    paths = sources(tmp_path, site='@import url("a.css");', a='@import url("b.css");\na {}', b="b {}")
    assert bundled("css/site.css", paths) == "b {}\na {}"


def test_an_import_in_a_comment_is_no_import(tmp_path: Path) -> None:
    paths = sources(tmp_path, site="/* holds nothing but @import lines */\np {}")
    assert bundled("css/site.css", paths) == "\np {}"


@pytest.mark.parametrize(
    "line",
    ['@import "a.css";', '@import url("a.css") print;', "@import url(a.css);", '@import url("../other/a.css");'],
)
def test_an_import_of_another_form_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="not of the form"):
        bundled("css/site.css", sources(tmp_path, site=line, a="a {}"))


def test_an_import_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"imports css/gone\.css"):
        bundled("css/site.css", sources(tmp_path, site='@import url("gone.css");'))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's own static files, collected as a first start does."""
    root = tmp_path_factory.mktemp("collected")
    storages = {"staticfiles": {"BACKEND": f"iop_site.storage.{SiteStaticFilesStorage.__name__}"}}
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


def test_a_script_has_what_it_imports_in_itself(collected: Path) -> None:
    text = hashed(collected, "js/enquiry", ".js").read_text()
    assert "import" not in re.sub(r"//.*", "", text)
    assert "location.replace" in text
    assert "enquiryToken" in text
    assert "//" not in text


def hashed(root: Path, name: str, suffix: str) -> Path:
    [path] = [path for path in root.glob(f"{name}.*{suffix}") if len(path.name.split(".")) == suffix.count(".") + 2]
    return path


def test_the_collected_stylesheet_is_one_file(collected: Path, settings: Any) -> None:
    text = hashed(collected, "css/site", ".css").read_text()
    assert "@import" not in text
    for source in ("tokens.css", "base.css", "print.css"):
        first_rule = (settings.BASE_DIR / "static" / "css" / source).read_text().strip().splitlines()[-1]
        assert first_rule in text


def test_what_pages_link_to_is_compressed(collected: Path) -> None:
    plain = hashed(collected, "css/site", ".css").read_bytes()
    assert brotli.decompress(hashed(collected, "css/site", ".css.br").read_bytes()) == plain
    assert hashed(collected, "css/site", ".css.gz").stat().st_size < len(plain)


def test_what_nobody_links_to_is_not(collected: Path) -> None:
    assert not (collected / "css" / "site.css.br").exists()
    assert not list(collected.rglob("*.map.br"))
