"""Measured runs: the product beside a naive baseline and the machine's own limit, in one run."""
