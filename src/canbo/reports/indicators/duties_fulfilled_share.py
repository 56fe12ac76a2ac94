"""Duties fulfilled by a day, as a share of the duties."""

from canbo.reports.indicator import Part, share

share("duties_fulfilled_share", Part("duties_fulfilled"), of=(Part("duties"),))
