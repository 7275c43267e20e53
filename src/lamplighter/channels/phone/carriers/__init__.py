"""Telephone calls by a carrier's media streams: sound over a WebSocket, the rest by webhooks and REST."""
