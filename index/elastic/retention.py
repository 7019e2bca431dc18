"""Old months leave the search index; the store keeps its documents."""

import logging
from datetime import datetime

from index.elastic import inventory
from index.elastic.caretaker import Caretaker
from index.elastic.names import month_in, oldest_kept

log = logging.getLogger(__name__)


def retire(place: Caretaker, now: datetime) -> list[str]:
    """Delete the months before those that are kept, of every generation; their names."""
    oldest = oldest_kept(now, place.retention_months)
    if oldest is None:
        return []
    there = inventory.take(place.client, place.names).indices
    old = sorted(name for name in there if (month := month_in(name)) is not None and month < oldest)
    for index in old:
        place.admin.options(ignore_status=404).indices.delete(index=index)
        log.info("Deleted %s: older than the %s months that are kept", index, place.retention_months)
    return old
