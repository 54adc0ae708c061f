"""Cases fed to the code under test: adapt, call, judge, report."""
