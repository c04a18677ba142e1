"""The outside: drivers and the egress; the only room that opens a connection."""
