"""The extraction processes: a fork server that has imported everything once, and the workers that it forks in a
millisecond each.

Run as `python -m crawler.worker FD`. Over the Unix socket FD the fork server receives one end of a socket pair for each
worker and answers with the worker's process id. A worker reads tasks from its socket and answers each. It ends with its
socket, at its deadline or at its memory limit, and no other process with it.
"""

import gc
import os
import pickle
import resource
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Final

from crawler.tasks import HEAD, Answer, Broken, Task, frame
from news.documents import NotDocument, Outcome
from news.reading import read

MEMORY_BYTES: Final = 1536 * 2**20
NICENESS: Final = 5
# More of it for pages that are known to take long.
SLOW_NICENESS: Final = 5


def main(fd: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # dead workers are reaped by the kernel
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a terminal's Ctrl-C is for the service, which closes our socket
    gc.freeze()
    # Who owns us may be killed at any moment; that is no error of ours.
    with socket.socket(fileno=fd) as control, suppress(ConnectionError):
        _fork_for(control)


def _fork_for(control: socket.socket) -> None:
    while True:
        _, fds, _, _ = socket.recv_fds(control, 1, 1)
        if not fds:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            work(socket.socket(fileno=fds[0]))
            os._exit(0)
        os.close(fds[0])
        control.sendall(HEAD.pack(pid))


def work(channel: socket.socket) -> None:
    """Answer tasks until the other end is closed, or gone without a word."""
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)  # it ends the process, whatever library it is in
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    with suppress(ConnectionError):
        _answer_all(channel)


def _answer_all(channel: socket.socket) -> None:
    stream = channel.makefile("rwb")
    while head := stream.read(HEAD.size):
        task: Task = pickle.loads(stream.read(HEAD.unpack(head)[0]))
        slow = not task.cpu_seconds
        if slow:
            os.nice(SLOW_NICENESS)
        signal.alarm(task.seconds)
        signal.setitimer(signal.ITIMER_PROF, task.cpu_seconds)
        answer, spent = answer_to(task)
        stream.write(frame(answer))
        stream.flush()
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if spent or slow:  # nobody can make it less nice again
            return


def answer_to(task: Task) -> tuple[Answer, bool]:
    """The answer, and whether this worker had better not go on."""
    try:
        return (
            read(task.page, task.listing, task.source, task.now, task.listed_title, task.listed_published),
            False,
        )
    except MemoryError:
        return NotDocument(outcome=Outcome.PARSE_ERROR, reason="reading it takes too much memory"), True
    except RecursionError:
        return NotDocument(outcome=Outcome.PARSE_ERROR, reason="it is nested too deeply to be read"), True
    except Exception as error:
        return Broken(f"{type(error).__name__}: {error}"[:300], traceback.format_exc()), False


if __name__ == "__main__":
    # Classes must be pickled by the name that the other side knows, not as `__main__`.
    from crawler import worker

    worker.main(int(sys.argv[1]))
