"""Membership: admission, probation and recognition, transfer, leaving; dues paid until a day, without accounting."""
