"""The first page: what the register holds today, and the days for which figures were published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """Choose a unit at the top of a tree, or a day that somebody reported on."""
    return render(request, "web/home.html")
