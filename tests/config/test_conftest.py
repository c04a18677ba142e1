"""Tests of what the tests stand on: the application's role, the owner's, and the closed network."""

import socket

import psycopg
import pytest
from django.db import connection

from tests import network


@pytest.mark.usefixtures("database")
def test_database_when_asked_for_is_migrated_and_walled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
        cursor.execute("SELECT count(*) FROM organisation")
        assert cursor.fetchone() == (0,)


def test_owner_differs_from_the_application(owner: psycopg.Connection) -> None:
    row = owner.execute("SELECT current_user").fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() != row


def test_network_beyond_this_machine_is_refused() -> None:
    with socket.socket() as one, pytest.raises(network.ReachedOutside):
        one.connect(("192.0.2.1", 80))
    with pytest.raises(network.ReachedOutside):
        socket.getaddrinfo("graph.facebook.com", 443)
