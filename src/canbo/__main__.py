"""`python -m canbo`: the same as the command `canbo`."""

from canbo.cli import main

if __name__ == "__main__":
    main()
