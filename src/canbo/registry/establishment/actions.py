"""Giving payroll quotas."""

from canbo.registry import verbs
from canbo.registry.establishment.models import Quota

verbs.opens("establishment.allot", Quota)
verbs.corrects(Quota)
