"""Reader of associations between HubSpot objects."""
