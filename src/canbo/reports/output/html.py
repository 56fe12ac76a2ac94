"""The report as one HTML file that stands alone: no script, nothing fetched, readable in light, dark and on paper."""

from pathlib import Path

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from canbo.reports.output.charts import on_page as both
from canbo.reports.output.document import Document, Picture

TEMPLATES = Path(__file__).parents[1] / "templates"
"""`reports/document.html` is the article; pages include it with a `document` that is drawn (`on_page`)."""


def html(document: Document) -> str:
    """The whole file."""
    engine = Engine(dirs=[TEMPLATES])
    return engine.get_template("reports/file.html").render(Context({"document": on_page(document)}, use_l10n=False))


def on_page(document: Document) -> Document:
    """The document with its pictures as SVG in the ink of the page around them."""
    return document.drawn(drawing)


def drawing(picture: Picture) -> str:
    """A picture for a page, our own SVG: every word in it was escaped when it was drawn."""
    return mark_safe(both(picture))  # noqa: S308
