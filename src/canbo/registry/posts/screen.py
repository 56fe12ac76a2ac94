"""How posts are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import FLAG, NUMBER, UNIT, WORD, Column, screen
from canbo.registry.posts.models import PostRecord

POST = Column("post", _("Post"), "held__title", WORD, "post_title", page="post", code="post__code")
"""A post in lists of who holds it or is planned for it; they join `HELD`."""
HELD = {"held": "post__records"}

screen(
    "posts",
    PostRecord,
    (
        Column("title", _("Post"), "title", WORD, "post_title", page="post", code="post__code"),
        Column("code", _("Code"), "post__code", sort=("post__code",)),
        Column("unit", _("Unit"), "unit", UNIT),
        Column("level", _("Level"), "level", WORD, "level"),
        Column("managed_by", _("Managed by"), "managed_by", WORD, "managing_authority"),
        Column("seats", _("Seats"), "seats", NUMBER, sort=("seats",)),
        Column("non_local", _("Not for locals"), "non_local", FLAG),
    ),
    ("post__code",),
    codes=("post__code", "unit__code"),
    opened_by="post.create",
    closed_by="post.abolish",
)
