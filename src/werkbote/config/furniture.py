"""What stands in the embedded database's directories: the first cluster, its settings and its logins."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

from werkbote.config import cluster as place

_SETTINGS = """\
# Written by Werkbote at every start. Own settings belong into own.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 60
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
autovacuum_max_workers = 2
io_method = sync
jit = off
huge_pages = off
synchronous_commit = on
wal_compression = pglz
min_wal_size = 80MB
max_wal_size = 1GB
max_wal_senders = 3
max_logical_replication_workers = 0
idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
# What people wrote must not reach the log: no statements, no parameters, no details of rows.
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
include_if_exists = 'own.conf'
"""

_LOGINS = """\
# Written by Werkbote at every start: a password on the local socket, nothing else.
local all all scram-sha-256
local replication all scram-sha-256
"""


def make(cluster: place.Cluster) -> None:
    """Create the data directory with roles and database; a half-made one is made anew."""
    if (cluster.data / "PG_VERSION").exists():
        return
    _own(cluster.place, cluster.account)
    fresh = cluster.place / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    command = ["initdb", "-D", str(fresh), "--username", place.ADMINISTRATOR, "--auth=reject"]
    options = ["--encoding=UTF8", "--data-checksums", "--no-instructions"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _check(cluster.run([*command, *options, *locale]), cluster.place)
    known = cluster.record
    script = (
        f"ALTER ROLE {place.ADMINISTRATOR} PASSWORD '{known.administrator_password}'\n"
        f"CREATE ROLE {place.OWNER} LOGIN CREATEROLE CREATEDB PASSWORD '{known.owner_password}'\n"
        f"CREATE DATABASE {place.NAME} OWNER {place.OWNER}\n"
        "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC\n"
    )
    single = ["postgres", "--single", "-D", str(fresh), "-c", "exit_on_error=on", "template1"]
    _check(cluster.run(single, text=script), cluster.place)
    fresh.rename(cluster.data)


def _check(done: subprocess.CompletedProcess[str], directory: Path) -> None:
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error:" in line or "FATAL" in line]
        reason = re.split(r"(?:error|FATAL): +", said[-1])[-1] if said else "no reason was given"
        raise place.UnableToPlace(
            f"The database could not be created in {directory}: {reason}. "
            "Check free space and permissions there, then start again."
        )


def furnish(cluster: place.Cluster) -> None:
    """Write the server's settings and make its socket directory."""
    text = _SETTINGS.format(socket=str(cluster.socket).replace("'", "''"))
    try:
        (cluster.data / "postgresql.conf").write_text(text)
        (cluster.data / "pg_hba.conf").write_text(_LOGINS)
    except OSError as error:
        raise place.UnableToPlace(
            f"The database's settings cannot be written in {cluster.data} ({error.strerror}): make "
            "room and give this user permission there, then start again."
        ) from None
    _own(cluster.socket, cluster.account)


def _own(path: Path, account: place.Account | None) -> None:
    """Make a directory only the account (or we) can enter; refuse one that is somebody else's."""
    uid = account.uid if account else os.geteuid()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = path.lstat()
        if account is not None and found.st_uid == place.ROOT:
            os.chown(path, account.uid, account.gid)
            found = path.lstat()
    except OSError as error:
        raise place.UnableToPlace(
            f"{path} cannot be made ({error.strerror}): give this user write permission there, or "
            "set WERKBOTE_HOME to a directory that has it."
        ) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o022:
        raise place.UnableToPlace(f"{path} belongs to somebody else: remove it and start again.")
