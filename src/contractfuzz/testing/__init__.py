"""Testing: assertions, kept cases, baselines, and the session of one test run."""
