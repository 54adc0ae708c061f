"""Run the command line: ``python -m contractfuzz``."""

from contractfuzz.cli.main import main

main()
