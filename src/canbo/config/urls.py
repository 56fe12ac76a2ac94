"""Addresses of pages: none yet."""

urlpatterns: list[object] = []
