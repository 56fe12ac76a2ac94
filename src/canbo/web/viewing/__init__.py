"""Seeing pages as the holder of a role sees them."""
