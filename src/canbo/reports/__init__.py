"""Figures: questions about records, asked for a unit, a day and what was known; books of them; published claims."""
