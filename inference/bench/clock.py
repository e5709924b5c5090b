"""The clocks of a benchmark: elapsed time, or processor time for a machine with other load."""

from __future__ import annotations

import time
from typing import Literal

Clock = Literal["wall", "cpu"]
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
