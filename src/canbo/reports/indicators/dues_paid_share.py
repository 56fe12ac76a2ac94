"""Members whose dues are paid, as a share of the members."""

from canbo.reports.indicator import Part, share

share("dues_paid_share", Part("dues_paid"), of=(Part("members"),))
