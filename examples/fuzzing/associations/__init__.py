"""Reads which HubSpot objects are associated."""
