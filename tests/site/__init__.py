"""A real local server of invented outlets: several sites, each on a loopback address of its own, that behave as told.

with World() as world:
    outlet = world.outlet(articles=8)
    outlet.behave("/rss", fail_then_ok(2))
    …
    assert world.requests(path="/rss")[0].status == 500
"""

from tests.site.log import Seen
from tests.site.outlet import Outlet, Printed
from tests.site.texts import Text, headline, invent
from tests.site.world import World

__all__ = ["Outlet", "Printed", "Seen", "Text", "World", "headline", "invent"]
