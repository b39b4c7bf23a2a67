"""Pages of the JSON on standard input, under the starter project's home page; see bench/text.py."""

import json
import sys
from html import escape

import django

django.setup()

from home.models import HomePage, TextPage  # noqa: E402

text = json.load(sys.stdin)
home = HomePage.objects.get()


def paragraphs(body: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in body.split("\n\n"))


for number, title in enumerate(text["menu"]):
    page = TextPage(
        title=title, slug=f"page-{number}", show_in_menus=number < 6, intro=f"<p>About {title}.</p>", body=[]
    )
    home.add_child(instance=page)
    page.save_revision().publish()
body = []
for heading, section in text["sections"]:
    body += [("heading", heading), ("paragraph", paragraphs(section))]
page = TextPage(title=text["title"], slug="measured", intro=f"<p>{escape(text['summary'])}</p>")
page.body = [(kind, value) for kind, value in body]
home.add_child(instance=page)
page.save_revision().publish()
