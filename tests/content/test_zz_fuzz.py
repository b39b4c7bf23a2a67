from __future__ import annotations
import pytest
from django.test import Client
from django.contrib import admin
from tests.content.factories import make_page
from tests.content.editing import editor_url, posted

pytestmark = pytest.mark.django_db
VALUES = ["-1", "99999999999999999999999", "nan", "%ff", "%F0%9F%98%80", "%D9%A3", "a%00b"]


def get(c, u, bad):
    try:
        r = c.get(u)
        if r.status_code >= 500:
            bad.append((u[:200], r.status_code))
    except Exception as e:
        bad.append((u[:200], repr(e)[:200]))


def test_fuzz(staff_client):
    c = staff_client
    page = make_page()
    bad = []
    for model, a in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        names = [f.name for f in model._meta.get_fields()]
        from django.test import RequestFactory

        for v in VALUES:
            for extra in (
                "q",
                "o",
                "p",
                "all",
                "e",
                "_popup",
                "_to_field",
                "_facets",
                "trash",
                "action",
                "language",
                "_changelist_filters",
            ):
                get(c, f"{base}?{extra}={v}", bad)
            for n in names:
                for l in (
                    "",
                    "__exact",
                    "__isnull",
                    "__year",
                    "__in",
                    "__regex",
                    "__gte",
                    "__lt",
                    "__id__exact",
                    "__contains",
                ):
                    if l in ("__gte", "__regex", "__exact", "__id__exact", "", "__year"):
                        get(c, f"{base}?{n}{l}={v}", bad)
            q = "&".join(f"{n}={v}" for n in names)
            get(c, f"{base}add/?{q}", bad)
            get(c, f"{base}{v}/change/", bad)
            get(c, f"{base}{v}/delete/", bad)
            get(c, f"{base}{v}/history/", bad)
            get(c, f"{base}{v}/", bad)
            try:
                for act in ("delete_selected", "bring_back_selected", "x"):
                    r = c.post(
                        base,
                        {
                            "action": act,
                            "_selected_action": [__import__("urllib.parse").parse.unquote(v)],
                            "index": "0",
                        },
                    )
                    assert r.status_code < 500
                    r = c.post(
                        base,
                        {
                            "action": act,
                            "_selected_action": [__import__("urllib.parse").parse.unquote(v)],
                            "index": "0",
                            "post": "yes",
                        },
                    )
            except Exception as e:
                bad.append((base, v[:30], act, repr(e)[:200]))
    print(len(bad))
    for b in bad[:60]:
        print(b)
    assert not bad


def test_fuzz_desk(staff_client):
    from content.models import Page

    c = staff_client
    page = make_page()
    bad = []
    for url in admin.site.get_model_admin(Page).get_urls():
        pass
    for v in VALUES:
        for tail in ("versions", "compare", "preview", "preview/frame", "share", "publish", "take-down", "bring-back"):
            for n in ("p", "old", "new", "version", "width"):
                get(c, f"/admin/content/page/{page.pk}/{tail}/?{n}={v}", bad)
            get(c, f"/admin/content/page/999999999999999999999999/{tail}/", bad)
        for n in ("term", "page", "app_label", "model_name", "field_name"):
            d = {"app_label": "content", "model_name": "page", "field_name": "related_pages", "term": "a"}
            d[n] = v
            get(c, "/admin/autocomplete/?" + "&".join(f"{k}={w}" for k, w in d.items()), bad)
        for p in ("schedule", "reviews"):
            get(c, f"/admin/content/page/{p}/?p={v}", bad)
        get(c, f"/admin/r/{v}/{v}/", bad)
        get(c, f"/admin/r/1/{v}/", bad)
        get(c, f"/admin/help/{v}/", bad)
        get(c, f"/admin/jsi18n/?x={v}", bad)
        get(c, f"/admin/login/?next={v}", bad)
    url = editor_url(page)
    data = posted(c.get(url))
    import urllib.parse

    for k in list(data) + ["related_pages", "translation_of", "form_id", "_to_field", "_popup"]:
        for v in VALUES:
            v = urllib.parse.unquote(v)
            try:
                r = c.post(url, data | {k: v})
                if r.status_code >= 500:
                    bad.append((k, v[:30], r.status_code))
            except Exception as e:
                bad.append((k, v[:30], repr(e)[:300]))
    print(len(bad))
    for b in bad[:60]:
        print(b)
    assert not bad
