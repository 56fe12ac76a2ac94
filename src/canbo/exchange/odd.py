"""What is odd but possible in what an import writes: the rules of data quality, asked of its own facts as they begin.

Only rules about what contradicts itself or cannot be: what is missing yet may come with the next file. Facts that have
ended are asked too, where a rule says the same of them.
"""

from collections.abc import Callable, Collection, Iterator

from canbo.kernel.instants import today
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Decision, Fact
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import rules, terms

FAMILIES = ("contradictory", "impossible")
MOST = 1_000
"""So many findings of a rule are told one by one."""


def odd(decision: Decision, kinds: Collection[type[Fact]], row: Callable[[int], tuple[str, int]]) -> Iterator[Refused]:
    """What rules find among the facts of these kinds that a decision wrote; `row` tells whose act that is."""
    asked, said = Asked(on=today(), known=decision.applied_at), terms(profile().name)
    for rule in (rule for rule in rules() if rule.family in FAMILIES):
        for model in (model for model in rule.models if model in kinds):
            facts = model.objects.filter(asserted_by__decision=decision)
            if not rule.ever:
                facts = facts.filter(valid__contains=asked.on)
            found = facts.filter(rule.condition(model, asked, said[rule.name])).order_by("asserted_by__seq")
            for number, seq in enumerate(found.values_list("asserted_by__seq", flat=True)):
                sheet, line = row(seq)
                if not sheet:  # it ended because no row says it
                    continue
                if number == MOST:
                    yield Refused("odd_more", "%(sheet)s: more like this: %(rule)s", sheet=sheet, rule=rule.label)
                    break
                yield Refused("odd", "%(sheet)s row %(row)s: %(rule)s", sheet=sheet, row=line, rule=rule.label)
