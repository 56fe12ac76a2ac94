"""The least that a page of fifty rows can cost on our server: frame, middleware, one query of one table.

`bench/pages.py` serves it beside the pages themselves and compares.
"""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from canbo.registry.membership.models import Membership
from canbo.web.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

COLUMNS = ("fact", "person", "unit", "stage", "category", "entry")
PAGE = """{% extends "web/base.html" %}{% block title %}Members{% endblock %}{% block content %}<h1>Members</h1>
<div class="scroll"><table><tbody>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>{% endblock %}"""


def minimal(request: HttpRequest) -> HttpResponse:
    """Fifty rows as they come."""
    rows = Membership.objects.order_by("pk").values_list(*COLUMNS)[:50]
    return HttpResponse(engines["django"].from_string(PAGE).render({"rows": rows}, request))


urlpatterns = [path("minimal", minimal), path("", include("canbo.web.urls"))]
