"""Establishment: payroll quotas by unit, year and group."""
