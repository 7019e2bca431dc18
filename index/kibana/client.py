"""The way to Kibana: its saved objects API, and what its answers mean in a sentence."""

import base64
import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from index.errors import ForeseenError
from index.kibana.saved import SavedObject

TIMEOUT: Final = 60.0
BOUNDARY: Final = "marsad-saved-objects"
SHOWN: Final = 300  # characters of an answer that is no JSON


class KibanaError(ForeseenError):
    """What keeps us from importing or exporting: a sentence with a hint."""


class _Stay(HTTPRedirectHandler):
    """A key is sent to the address that was named and to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kibana:
    """`url` may end in a base path or a space (`/s/press`); a key, or a user's name and password."""

    url: str
    api_key: str | None = field(default=None, repr=False)
    user: tuple[str, str] | None = field(default=None, repr=False)
    ca_certs: Path | None = None

    def import_objects(self, objects: str) -> int:
        """NDJSON in; what is there under the same ids is replaced. Returns how many were taken."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="marsad.ndjson"\r\n'
        body = f"{head}Content-Type: application/ndjson\r\n\r\n{objects}\r\n--{BOUNDARY}--\r\n".encode()
        answer = self._ask("_import?overwrite=true", body, f"multipart/form-data; boundary={BOUNDARY}")
        report = _json(answer, self.url)
        if not isinstance(report, dict) or "success" not in report:
            raise KibanaError(_stranger(self.url, answer))
        if not report["success"]:
            raise KibanaError(f"Kibana took {report.get('successCount', 0)} objects and refused: {_refused(report)}.")
        return int(report["successCount"])

    def export_objects(self, objects: Sequence[SavedObject]) -> str:
        """The objects of these types and ids as they are there now, as NDJSON."""
        wanted = [{"type": each["type"], "id": each["id"]} for each in objects]
        body = json.dumps({"objects": wanted, "excludeExportDetails": True}).encode()
        return self._ask("_export", body, "application/json")

    def _ask(self, path: str, body: bytes, content_type: str) -> str:
        address = f"{self.url.rstrip('/')}/api/saved_objects/{path}"
        headers = {"kbn-xsrf": "marsad", "Content-Type": content_type, **self._credentials()}
        _check(self.url, self.api_key)
        request = Request(address, data=body, headers=headers, method="POST")
        try:
            answer: HTTPResponse
            with self._opener().open(request, timeout=TIMEOUT) as answer:
                return answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            with error:
                raise KibanaError(_refusal(self.url, error.code, error.read().decode("utf-8", "replace"))) from None
        except URLError as error:
            raise KibanaError(_unreachable(self.url, error.reason)) from None
        except (OSError, HTTPException) as error:
            raise KibanaError(_unreachable(self.url, error)) from None

    def _credentials(self) -> dict[str, str]:
        if self.user is not None:
            told = base64.b64encode(":".join(self.user).encode()).decode()
            return {"Authorization": f"Basic {told}"}
        return {"Authorization": f"ApiKey {self.api_key}"} if self.api_key else {}

    def _opener(self) -> OpenerDirector:
        # Kibana is the newsroom's own: the proxies by which others are reached do not lead to it.
        handlers = [ProxyHandler({}), _Stay()]
        if self.ca_certs is None:
            return build_opener(*handlers)
        try:
            context = ssl.create_default_context(cafile=self.ca_certs)
        except OSError as error:
            raise KibanaError(f"{self.ca_certs} holds no certificate ({error}); name the authority's.") from None
        return build_opener(*handlers, HTTPSHandler(context=context))


def _check(url: str, key: str | None) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise KibanaError(f"{url!r} is no address; write http://localhost:5601, for instance.")
    if parts.username or parts.password:
        raise KibanaError("kibana.url holds a password; use kibana.api_key, which is never shown.")
    if key is not None and not (key.isascii() and key.isprintable()):
        raise KibanaError("kibana.api_key holds letters that no key has; copy it again.")


def _json(text: str, url: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise KibanaError(_stranger(url, text)) from None


def _stranger(url: str, text: str) -> str:
    return f"{url} does not answer as Kibana does ({text[:SHOWN]!r}); check kibana.url."


def _unreachable(url: str, reason: object) -> str:
    if isinstance(reason, ssl.SSLError):
        return (
            f"{url} shows a certificate that is not trusted ({reason}); name its authority in elasticsearch.ca_certs."
        )
    return f"Kibana at {url} does not answer ({reason}); start it, or name another in kibana.url."


def _refusal(url: str, status: int, text: str) -> str:
    try:
        told = str(json.loads(text).get("message", ""))[:SHOWN]
    except (ValueError, AttributeError):
        told = ""
    hints: Mapping[int, str] = {
        302: "check kibana.url: it leads elsewhere",
        401: "check kibana.api_key (MARSAD_KIBANA_API_KEY), or name a --user",
        403: "the key or user needs the right to all saved objects of this space",
        404: "check kibana.url: Kibana's API is not there",
        413: "raise server.maxPayload in kibana.yml",
        503: "it is still starting or cannot reach Elasticsearch; try again in a minute",
    }
    return f"Kibana at {url} answers {status}{f' ({told})' if told else ''}; {hints.get(status, 'see its log')}."


def _refused(report: Mapping[str, Any]) -> str:
    return "; ".join(_problems(report.get("errors", ()))) or "see its log"


def _problems(errors: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for error in errors:
        problem = error.get("error", {})
        missing = ", ".join(f"{each['type']} {each['id']}" for each in problem.get("references", ()))
        told = problem.get("message") or problem.get("type", "unknown")
        yield f"{error.get('type')} {error.get('id')} ({told}{f': {missing}' if missing else ''})"
