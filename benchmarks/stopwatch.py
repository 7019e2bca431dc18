"""CPU time by stage, measured from outside the code that is measured."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any


class Stopwatch:
    """CPU seconds by stage; a stage inside another one is counted in both."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """All threads of this process."""
        began = time.process_time()
        yield
        self.spent[stage] += time.process_time() - began

    @contextmanager
    def watching(self, module: Any, functions: dict[str, str]) -> Iterator[None]:
        """While it lasts, `module` sees these functions (stage → name) through the watch."""
        with ExitStack() as stack:
            for stage, name in functions.items():
                original = getattr(module, name)
                stack.callback(setattr, module, name, original)
                setattr(module, name, self._watched(original, stage))
            yield

    def _watched(self, original: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return original(*arguments, **named)
            finally:
                self.spent[stage] += time.thread_time() - began

        return watched
