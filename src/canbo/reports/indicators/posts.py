"""Posts on a day, held or vacant."""

from canbo.registry.posts.models import PostRecord
from canbo.reports.indicator import stock

stock("posts", PostRecord, by=("title", "level", "managed_by", "unit"))
