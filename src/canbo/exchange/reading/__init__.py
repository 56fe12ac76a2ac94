"""Reading a file from outside: in a limited child process that can write nothing; `file.read` gives its sheets."""
