"""Entry point of `handoff` and of `python -m handoff`."""

from handoff.cli.main import main

if __name__ == "__main__":
    main()
