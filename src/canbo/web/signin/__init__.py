"""Signing in and out, second factors, sessions, invitations: pages that show no record."""
