"""Succession entries, targets and goals."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.registry.facts import Fact, Person
from canbo.registry.posts.models import Post
from canbo.registry.tree import alone


class PlanEntry(Fact):
    """A person is planned for a post, at a level, for a term. A person may hold several entries."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="plan_entries")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    level = Coded("level")
    term = models.CharField(max_length=20)

    class Meta(Fact.Meta):
        verbose_name = "entry in a succession plan"
        constraints = [
            *Fact.Meta.constraints,
            alone("planned_once", "person", "post", "term", message="A person is planned once for a post and term."),
        ]


class Target(Fact):
    """A unit is asked to reach a number in a year."""

    matter = Coded("target")
    year = models.PositiveSmallIntegerField()
    amount = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        verbose_name = "target"


class Goal(Fact):
    """A goal that a resolution sets a unit for a term; it is met when a body finds so."""

    term = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    title = models.TextField()
    due = models.DateField()

    class Meta(Fact.Meta):
        verbose_name = "goal"


class GoalMet(Fact):
    """A body found that a goal is met."""

    term = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()

    class Meta(Fact.Meta):
        verbose_name = "goal met"
