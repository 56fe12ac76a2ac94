"""Members admitted in a period as a share of the targets of its year."""

from canbo.reports.indicator import Part, share

share(
    "admissions_against_target",
    Part("members_admitted", renamed={"matter": None, "year": None}),
    of=(Part("targets"),),
)
