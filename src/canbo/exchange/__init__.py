"""What comes from other people's workbooks and goes to them.

A file from outside is read by a limited child process (`child`); nothing of it is parsed where the register is.
"""
