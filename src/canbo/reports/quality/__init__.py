"""Data quality: rules that records should keep, and what of them does not, counted and never stored."""
