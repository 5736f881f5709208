"""What every test shares: generated examples are the same in every run, unless more of them are asked for."""

from __future__ import annotations

import os

from hypothesis import settings

# A suite that tries other examples in each run may fail on a change that has nothing to do with them. Looking for new
# ones is `make fuzz`, which sets how many.
settings.register_profile("suite", derandomize=True, database=None)
settings.register_profile("searching", print_blob=True)
settings.load_profile("searching" if "POLICYQA_FUZZ_EXAMPLES" in os.environ else "suite")
