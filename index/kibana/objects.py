"""All that marsad brings to Kibana: data views, Discover sessions, dashboards, and the tag by which they are found."""

import json
from collections.abc import Iterable

from index.elastic.names import Names
from index.kibana.dashboard import dashboard
from index.kibana.health import health
from index.kibana.saved import Ids, SavedObject, tag
from index.kibana.sessions import sessions
from index.kibana.story import story
from index.kibana.today import today
from index.kibana.views import data_views


def saved_objects(names: Names) -> list[SavedObject]:
    """What others refer to comes first."""
    ids = Ids(names)
    return [tag(ids), *data_views(ids), *sessions(ids), *(dashboard(ids, made()) for made in (today, story, health))]


def ndjson(objects: Iterable[SavedObject]) -> str:
    return "".join(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in objects)
