"""Exchange: the register as workbooks and other files, out and in again."""
