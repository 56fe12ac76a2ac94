"""Service: who holds which post, who is employed where, who was moved, nominated, assigned, and opinions given."""
