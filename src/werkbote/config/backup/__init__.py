"""Backup, restore and drill: processes and files around the database, each a command of its own."""
