"""Tests of graphsim."""
