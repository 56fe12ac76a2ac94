"""Who may do what. Until people sign in, the operator at this machine may do everything, by name."""
