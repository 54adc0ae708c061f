"""Runs: cases fed to the code under test, the verdicts, and the findings."""
