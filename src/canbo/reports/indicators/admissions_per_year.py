"""Members admitted per year of a period."""

from canbo.reports.indicator import Part, share

share("admissions_per_year", Part("members_admitted"), per_year=True)
