"""Checks of clients: the conversation of a call, its responses, and what the server saw of the client."""
