"""Tests of domain.desk."""
