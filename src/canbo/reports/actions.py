"""Recording what was published."""

from canbo.registry import verbs
from canbo.reports.claims import Claim

verbs.opens("claim.record", Claim)
verbs.corrects(Claim)
