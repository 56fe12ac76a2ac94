"""Mandates: who acts for a unit beside those who hold its posts, who stands in for whom, and who decides what."""
