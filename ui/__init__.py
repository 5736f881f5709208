"""The command line, the chat page and the HTTP API."""
