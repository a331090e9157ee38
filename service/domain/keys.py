"""Keys of rows: 63-bit numbers that grow with time and are unique over all processes of the house."""

import threading
import time
from collections.abc import Callable

NODE_BITS = 10
COUNTER_BITS = 12
EPOCH_MS = 1_735_689_600_000
"""2025-01-01T00:00:00Z: keys fit 41 bits of milliseconds until the year 2094."""


class KeyGenerator:
    """Makes keys: milliseconds since `EPOCH_MS`, then the node, then a counter.

    Safe to share between threads. A clock that jumps back is ignored: the last millisecond is used on,
    so keys of one generator always grow.

    Source: none, our own.
    """

    def __init__(self, node: int, milliseconds: Callable[[], int] | None = None) -> None:
        """Take the node number (0 to 1023), different for each living process."""
        if not 0 <= node < 1 << NODE_BITS:
            raise ValueError(f"expected a node of 0 to {(1 << NODE_BITS) - 1}, got {node}")
        self._node = node
        self._milliseconds = milliseconds or (lambda: time.time_ns() // 1_000_000)
        self._lock = threading.Lock()
        self._last_ms = 0
        self._counter = 0

    def __call__(self) -> int:
        """Return a key greater than every key this generator gave before."""
        with self._lock:
            now_ms = max(self._milliseconds(), self._last_ms)
            if now_ms == self._last_ms:
                self._counter += 1
                if self._counter >= 1 << COUNTER_BITS:
                    now_ms, self._counter = now_ms + 1, 0
            else:
                self._counter = 0
            self._last_ms = now_ms
            since_epoch = now_ms - EPOCH_MS
            return (since_epoch << NODE_BITS | self._node) << COUNTER_BITS | self._counter
