"""A Spanish-speaking parent with a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import REFERENCE
from tests.launched import Site


def test_somebody_writes_in_spanish_and_is_answered_in_spanish(new_page: Callable[..., Page], site: Site) -> None:
    page = new_page(width=360, javascript=False)
    page.goto("/goals/")
    page.get_by_role("link", name="Español").click()
    expect(page).to_have_url(f"{site.url}/es/metas/")
    page.get_by_role("link", name="Hable con Admisiones").first.click()
    page.get_by_label("La madre, el padre o un tutor").check()
    page.get_by_label("Su nombre").fill("Rut Ejemplo")
    page.get_by_label("Número de teléfono").fill("617 555 0123")
    page.get_by_label("Por teléfono").check()
    page.get_by_label("Llamar al número que les doy").check()
    page.get_by_label("Adolescente (13 a 17 años)").check()
    page.get_by_role("button", name="Enviar a Admisiones").click()
    expect(page.get_by_role("alert")).to_contain_text("Hay una cosa que necesita su atención")
    page.get_by_label("Estado donde vive").select_option(label="Nueva York")
    page.get_by_role("button", name="Enviar a Admisiones").click()
    page.wait_for_url(REFERENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Recibimos su mensaje")
    expect(page.get_by_text("Alguien le llama o le escribe a más tardar el")).to_be_visible()
    match = REFERENCE.search(page.url)
    assert match
    code = f"from admissions.models import Enquiry; print(Enquiry.objects.get(reference='{match[1]}').language)"
    assert site.manage("shell", "-v", "0", "-c", code).split()[-1] == "es"
