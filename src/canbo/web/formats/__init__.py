"""How each language writes a day and an instant."""
