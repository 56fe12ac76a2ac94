"""Facts about people in service."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.registry.facts import POSTS, Fact, Person, Unit, Within
from canbo.registry.posts.models import Post, PostRecord
from canbo.registry.tree import alone


class Incumbency(Fact):
    """A person holds a post, in full or acting."""

    GIVES = POSTS
    LASTS_WITHIN = (
        Within(PostRecord, ("post", "unit"), "a post that is held neither ends nor moves; relieve its holders first"),
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="incumbencies")
    post = models.ForeignKey(Post, models.PROTECT, related_name="incumbencies")
    acting = models.BooleanField(default=False)

    class Meta(Fact.Meta):
        verbose_name = "incumbency"
        constraints = [
            *Fact.Meta.constraints,
            alone("post_held_once_by_a_person", "person", "post", message="A person holds a post once at a time."),
        ]


class Employment(Fact):
    """A person is on the payroll of a unit in a group."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments")
    group = Coded("employment_group")

    class Meta(Fact.Meta):
        verbose_name = "employment"
        constraints = [
            *Fact.Meta.constraints,
            alone("one_employment_at_a_time", "person", message="A person is on one payroll at a time."),
        ]


class Movement(Fact):
    """A person was rotated, transferred, appointed …: `unit` receives; by nature and by who manages the post."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="movements")
    nature = Coded("movement_nature")
    managed_by = Coded("managing_authority", blank=True)
    origin = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta(Fact.Meta):
        verbose_name = "movement"


class Nomination(Fact):
    """A person was introduced by a unit as a candidate for an elected office."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    office = Coded("office", blank=True)

    class Meta(Fact.Meta):
        verbose_name = "nomination"


class Opinion(Fact):
    """A unit gave its opinion on a person for a post of an agency that it does not manage itself."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    matter = Coded("opinion_matter")

    class Meta(Fact.Meta):
        verbose_name = "opinion given"


class CommitteeDuty(Fact):
    """A person is assigned to the committee of a unit below, to follow its work."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "assignment to a committee"
