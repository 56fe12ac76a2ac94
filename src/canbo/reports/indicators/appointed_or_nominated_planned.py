"""Of those appointed or nominated in a period, the share who were in a succession plan."""

from canbo.reports.indicator import Part, share

_APPOINTS = {"nature": {"appoints": True}}

share(
    "appointed_or_nominated_planned",
    Part("movements_planned", _APPOINTS),
    Part("nominations_planned"),
    of=(Part("movements", _APPOINTS), Part("nominations")),
)
