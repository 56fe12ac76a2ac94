"""Pages, made on the server: they read the register and the reports as of two dates, and write nothing."""
