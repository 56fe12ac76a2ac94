"""Members admitted per year of a period, as a share of the members at its end."""

from canbo.reports.indicator import Part, share

share("admissions_per_year_share", Part("members_admitted"), of=(Part("members"),), per_year=True)
