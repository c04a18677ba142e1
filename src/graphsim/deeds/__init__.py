"""What happens in the simulated world when someone asks for it."""
