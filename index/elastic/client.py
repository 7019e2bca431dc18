"""The way to the server: certificates are verified, keys are kept to themselves, and we alone decide about retries."""

import logging
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from elasticsearch import Elasticsearch

from index.elastic.verdicts import ElasticError, Trouble, Verdict
from marsad.config import Elasticsearch as Settings

TIMEOUT: Final = 60.0


def connect(settings: Settings, *, admin: bool = False, user: tuple[str, str] | None = None) -> Elasticsearch:
    """With the writer's key; as `admin` with the admin's, if there is one; or as a `user` (name, password)."""
    key = (settings.admin_api_key or settings.api_key) if admin else settings.api_key
    # At its usual level the library would tell of every request that went well.
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    options: dict[str, Any] = {}
    if user is not None:
        options["basic_auth"] = user
    elif key is not None:
        options["api_key"] = key.get_secret_value()
    if settings.ca_certs is not None:
        if not settings.ca_certs.is_file():
            raise _wrong(f"elasticsearch.ca_certs: {settings.ca_certs} is no file; name the authority's certificate")
        options["ca_certs"] = str(settings.ca_certs)
    url = _address(settings)
    return Elasticsearch(url, request_timeout=TIMEOUT, max_retries=0, retry_on_timeout=False, **options)


def shown_url(settings: Settings) -> str:
    """Without whatever secret someone may have written into it."""
    parts = urlsplit(str(settings.url))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))


def _address(settings: Settings) -> str:
    if settings.url is None:
        raise _wrong("there is no elasticsearch.url; set MARSAD_ELASTICSEARCH_URL")
    if settings.url.username or settings.url.password:
        raise _wrong("elasticsearch.url holds a password; use elasticsearch.api_key, which is never shown")
    return str(settings.url).rstrip("/")


def _wrong(sentence: str) -> ElasticError:
    return ElasticError(Trouble(Verdict.STOP, sentence))
