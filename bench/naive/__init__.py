"""The baseline: how a webhook receiver is usually written, plaintext and all."""
