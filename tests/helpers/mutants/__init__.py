"""Readers that honour a contract, and copies of them with one bug each."""
