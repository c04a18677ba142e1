"""Argon2 as in production, with the least memory and time: tests sign in thousands of times."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm and format; what it costs a guesser is not what tests are about."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
