"""Deeds about old chats."""
