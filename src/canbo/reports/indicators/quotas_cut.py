"""By which share the payroll quotas of a year are below those of a base year."""

from canbo.reports.indicator import Part, share

share(
    "quotas_cut",
    Part("quotas", renamed={"base_year": "year", "year": None}),
    Part("quotas", renamed={"base_year": None}, sign=-1),
    of=(Part("quotas", renamed={"base_year": "year", "year": None}),),
)
