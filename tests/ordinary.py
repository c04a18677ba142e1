"""Running a program as somebody whose rights the file system heeds, also where the tests run as root."""

import os

PREFIX = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
"""Words before a command: root without the right to write everywhere (util-linux); nothing for others."""
