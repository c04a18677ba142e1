"""Tests of domain.cases."""
