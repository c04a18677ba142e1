"""How hard the laws of the domain are tried: quickly on every run, deeply on request.

HYPOTHESIS_PROFILE=deep python -m pytest tests/domain
"""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=15, deadline=None)
settings.register_profile("deep", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
