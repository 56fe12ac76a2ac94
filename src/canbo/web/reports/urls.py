"""The addresses of these pages."""

from functools import partial

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.reports.collection import Collection
from canbo.reports.freeze import FrozenReport
from canbo.web.asof import BEGINNINGS, AsOf
from canbo.web.menu import Entry, add
from canbo.web.reports.books import file, report
from canbo.web.reports.bridges import bridge
from canbo.web.reports.collections import collection, collections
from canbo.web.reports.figures import figure
from canbo.web.reports.frozen import frozen, frozen_file, frozen_report

urlpatterns = [
    path("report/<str:book>/<str:unit>", report, name="report"),
    path("report/<str:book>/<str:unit>/<path:name>", figure, name="figure"),
    path("bridge/<str:indicator>/<str:unit>", bridge, name="bridge"),
    path("frozen", frozen, name="frozen"),
    path("frozen/<str:key>", frozen_report, name="frozen-report"),
    path("frozen/<str:key>/<str:form>/<str:language>", frozen_file, name="frozen-file"),
    path("collections", collections, name="collections"),
    path("collections/<str:key>", collection, name="collection"),
    path("file/<str:form>/<str:language>/<str:book>/<str:unit>", file, name="report-file"),
]

_BEGAN = "SELECT min(audit.at) FROM {} of JOIN kernel_audit audit ON audit.id = of.audit_id"
for _name, _text, _model in (
    ("frozen", _("Frozen reports"), FrozenReport),
    ("collections", _("Collected reports"), Collection),
):
    BEGINNINGS[_name] = _BEGAN.format(_model._meta.db_table)
    add(Entry(_name, _text, (), _("Reports"), partial(AsOf.has, name=_name)))
