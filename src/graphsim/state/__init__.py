"""What the simulated world holds: numbers, customers, chats, templates, media."""
