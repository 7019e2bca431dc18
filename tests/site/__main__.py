"""Serve invented outlets until interrupted: `python -m tests.site --outlets 3 --sources /tmp/sources`."""

import argparse
import signal
from pathlib import Path

from tests.site.outlet import Printed
from tests.site.world import World


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="the port of all outlets; 0 takes a free one")
    parser.add_argument("--outlets", type=int, default=3)
    parser.add_argument("--articles", type=int, default=12, help="listed articles of each outlet")
    parser.add_argument("--background", type=int, default=4, help="more articles, found only as related coverage")
    parser.add_argument(
        "--copies", type=int, default=2, help="articles that each outlet takes over from the one before"
    )
    parser.add_argument("--sources", type=Path, default=Path("sources-of-the-site"), help="folder for the source files")
    asked = parser.parse_args()
    ending = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)  # before there is a second thread that could take them
    with World(port=asked.port) as world:
        to_copy: list[Printed] = []
        for _ in range(asked.outlets):
            outlet = world.outlet()
            own = outlet.fill(asked.articles, background=asked.background)
            for one in to_copy:
                outlet.add(one.text)
            to_copy = own[: asked.copies]
        world.write_sources(asked.sources)
        for outlet in world.outlets.values():
            print(f"{outlet.id:<12} {outlet.home}  {len(outlet.articles)} articles", flush=True)
        settings = f"MARSAD_SOURCES={asked.sources.absolute()} MARSAD_ALLOW_NETWORKS=127.0.0.0/8 MARSAD_DELAY=0.1"
        print(f"{settings} marsad crawl", flush=True)
        signal.sigwait(ending)


if __name__ == "__main__":
    main()
