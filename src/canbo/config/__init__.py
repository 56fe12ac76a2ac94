"""How one installation is set up: its environment, Django's settings, and the start that both need."""
