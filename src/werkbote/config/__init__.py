"""Settings, the embedded database and the process entry points."""
