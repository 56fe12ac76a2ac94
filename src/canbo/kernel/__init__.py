"""What everything stands on: the database, acts, refusals, periods, papers. Knows nothing of parties or people."""
