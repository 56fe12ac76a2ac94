"""A post and what is so of it."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.levels import PUBLIC
from canbo.registry.facts import Fact, Identity
from canbo.registry.tree import alone


class Post(Identity):
    """A post, held or vacant."""


class PostRecord(Fact):
    """A post exists in a unit: its title, level, who manages it, how many seats, and whether locals may hold it."""

    LEVEL = PUBLIC

    post = models.ForeignKey(Post, models.PROTECT, related_name="records")
    title = Coded("post_title")
    level = Coded("level", blank=True)
    managed_by = Coded("managing_authority", blank=True)
    non_local = models.BooleanField(default=False, help_text="must not be held by a person from the place it serves")
    seats = models.PositiveSmallIntegerField(default=1)

    class Meta(Fact.Meta):
        verbose_name = "post"
        constraints = [
            *Fact.Meta.constraints,
            alone("post_described_once", "post", message="A post is described once at a time."),
        ]
