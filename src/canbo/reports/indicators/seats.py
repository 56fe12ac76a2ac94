"""Seats of the posts on a day."""

from canbo.registry.posts.models import PostRecord
from canbo.reports.indicator import stock

stock("seats", PostRecord, summing="seats", by=("title", "level", "managed_by", "unit"))
