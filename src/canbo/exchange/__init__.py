"""Exchange: the register as workbooks and other files, out and in again.

A file from outside is read by a limited child process (`reading`); nothing of it is parsed where the register is.
"""
