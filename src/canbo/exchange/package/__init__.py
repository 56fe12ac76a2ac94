"""The interchange package of member data: what a printed form asks of people, as tables in one signed file.

`declared` says what a profile puts into it, `tables` what each table holds, `described` tells that to others, `making`
writes a package and `taking` brings one in. ADR 23 says why it looks so, `docs/howto/package.md` how to write one.
"""
