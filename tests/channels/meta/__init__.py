"""Tests of the WhatsApp driver."""
