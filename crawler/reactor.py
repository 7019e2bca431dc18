"""The event loop: Twisted's reactor on asyncio, driven as an asyncio loop that can be entered many times.

Not on uvloop: it drops a polled socket without a word when the peer resets it, so that Twisted learns of it by the
timeout only (twisted issue 11904; 11 of 300 resets took 30 s). What it saves is nothing beside the extraction.

`reactor.run()` can be called once in a life; entering the loop beneath it has no such limit, and gives back what the
main coroutine returned or raised.
"""

import asyncio
import atexit
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from scrapy.utils.reactor import is_reactor_installed
from twisted.internet import asyncioreactor

from crawler.resolver import SafeResolver
from marsad.config import Settings

T = TypeVar("T")

REACTOR: Final = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def install() -> asyncio.AbstractEventLoop:
    """Install and start the reactor if this process has none yet; the loop it works on."""
    if not is_reactor_installed():
        loop: asyncio.AbstractEventLoop = asyncio.SelectorEventLoop()
        asyncio.set_event_loop(loop)
        asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
        atexit.register(loop.close)
    from twisted.internet import reactor

    if not reactor.running:
        reactor.startRunning(installSignalHandlers=False)
    loop = reactor._asyncioEventloop
    return loop


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `main` to its end in the reactor's loop."""
    loop = install()
    asyncio.set_event_loop(loop)
    task = loop.create_task(main())
    try:
        return loop.run_until_complete(task)
    except BaseException:
        # A KeyboardInterrupt leaves the loop at once: what is under way gets the chance to end in order.
        if not task.done():
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        raise


def guard(settings: Settings) -> SafeResolver:
    """Put the address filter in place. No Scrapy runner does so by itself: without this call it would be ignored."""
    proxy = settings.crawler.proxy
    exempt = {proxy.host} if proxy is not None and proxy.host else set()
    resolver = SafeResolver(settings.crawler.allow_networks, exempt=exempt)
    resolver.install_on_reactor()
    return resolver
