"""What a bench's seconds are: those on the wall, or on a machine that is busy with others, those of
the processor.
"""

from __future__ import annotations

import time
from typing import Literal

Clock = Literal["wall", "cpu"]
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
