"""Testing: assertions, kept cases, and the session of one test run."""
