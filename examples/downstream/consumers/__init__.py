"""Three ways to read HubSpot's batch association response."""
