"""Planning successors, setting targets and goals."""

from canbo.registry import verbs
from canbo.registry.planning.models import Goal, GoalMet, PlanEntry, Target

verbs.opens("planning.enter", PlanEntry)
verbs.closes("planning.remove", PlanEntry, by=("person", "post", "term"))
verbs.opens("planning.set-target", Target)
verbs.opens("planning.set-goal", Goal)
verbs.opens("planning.find-goal-met", GoalMet)
for _kind in (PlanEntry, Target, Goal, GoalMet):
    verbs.corrects(_kind)
