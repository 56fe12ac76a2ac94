"""Recording what bodies decided or found."""

from canbo.registry import verbs
from canbo.registry.standing.models import Classification, Confidence, Duty, Fulfilment, Recruitment, Training

verbs.opens("standing.classify", Classification)
verbs.opens("standing.record-confidence", Confidence)
verbs.opens("standing.oblige", Duty)
verbs.closes("standing.release-from-duty", Duty, by=("unit", "matter"))
verbs.opens("standing.fulfil", Fulfilment)
verbs.opens("standing.complete-training", Training)
verbs.opens("standing.recruit", Recruitment)
for _kind in (Classification, Confidence, Duty, Fulfilment, Training, Recruitment):
    verbs.corrects(_kind)
