"""What docker-compose.yml does at a first start, step by step, with its own scripts and settings on a real node.

No container runs here: paths and host names of the containers are replaced by this machine's. Kibana is left out.
"""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from elasticsearch import AuthorizationException, Elasticsearch

from marsad.commands.elastic import elastic
from marsad.workplace import Workplace
from tests.elastic.node import Node, find_jdk, unpacked

COMPOSE: Final = Path(__file__).parents[3] / "docker-compose.yml"
SECRETS: Final = {"ELASTIC_PASSWORD": "0123456789abcdef", "KIBANA_PASSWORD": "fedcba9876543210"}
# Of modules that this node is delivered without; and the last asks for a right that a test may not have.
ABSENT: Final = {"ingest.geoip.downloader.enabled", "xpack.ml.enabled", "bootstrap.memory_lock"}


def run(command: list[str], **environ: str) -> str:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(command, capture_output=True, text=True, env={**inherited, **environ}, timeout=300)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


class Place:
    """The containers' paths and names, as they are on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = COMPOSE.read_text(encoding="utf-8")
        self.services: dict[str, dict[str, Any]] = pytest.importorskip("yaml").safe_load(text)["services"]
        self.certificates, self.authority = folder / "certificates", folder / "authority"
        self.certificates.mkdir()
        self.authority.mkdir()
        self.jdk = find_jdk()
        assert self.jdk is not None
        self.home = unpacked(self.jdk)

    def tool(self, name: str, config: Path) -> Path:
        """One of the server's own tools: the archive has them without their start scripts."""
        script = self.folder / f"elasticsearch-{name}"
        libraries = {"certutil": "modules/x-pack-core,modules/x-pack-security,lib/tools/security-cli",
                     "keystore": "lib/tools/keystore-cli"}  # fmt: skip
        paths = f"-Des.path.home={self.home} -Des.path.conf={config}"
        options = f"-Xmx128m -XX:+UseSerialGC {paths} -Des.distribution.type=tar"
        what = f"-Dcli.name={name} -Dcli.script={script} -Dcli.libs={libraries[name]}"
        launcher = "org.elasticsearch.launcher.CliToolLauncher"
        classes = f"{self.home}/lib/cli-launcher/*:{self.home}/lib/*"
        java = f"exec {self.jdk}/bin/java {options} {what} -cp '{classes}' {launcher} \"$@\"\n"
        script.write_text(f"#!/bin/sh\nexport ES_PATH_CONF={config}\n{java}")
        script.chmod(0o755)
        return script

    def script(self, service: str, **replaced: str) -> str:
        shell, flags, script = self.services[service]["command"]
        assert (shell, flags) == ("bash", "-euc")
        return self.here(script.replace("$$", "$"), **replaced)

    def here(self, text: str, **replaced: str) -> str:
        names = {"/certificates": str(self.certificates), "/authority": str(self.authority), **replaced}
        return re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], text)


@pytest.mark.slow
def test_the_steps_of_compose_lead_to_a_cluster_that_only_the_keys_open(
    tmp_path: Path, new_node: Callable[..., Node]
) -> None:
    if shutil.which("unzip") is None or shutil.which("curl") is None:
        pytest.skip("no unzip or curl here; the images have them")
    place = Place(tmp_path)
    certutil = place.tool("certutil", place.home / "config")
    setup = place.script("setup", **{"/usr/share/elasticsearch/bin/elasticsearch-certutil": str(certutil),
                                     "/tmp/": f"{tmp_path}/"})  # fmt: skip
    run(["bash", "-euc", setup])
    authority = place.authority / "ca.crt"
    assert stat.S_IMODE(authority.stat().st_mode) == 0o644
    assert stat.S_IMODE((place.certificates / "ca" / "ca.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((place.certificates / "elasticsearch" / "elasticsearch.key").stat().st_mode) == 0o640
    made = authority.read_bytes()
    run(["bash", "-euc", setup])  # at each start: what is there stays
    assert authority.read_bytes() == made

    environment = place.services["elasticsearch"]["environment"]
    settings = {key: value for key, value in environment.items() if "." in key and key not in ABSENT}
    node = new_node(settings={key: place.here(value) for key, value in _relative(settings).items()})
    shutil.copytree(place.certificates, node.config / "certificates")
    keystore = place.tool("keystore", node.config)
    run(["bash", "-c", f'{keystore} create && printf %s "$ELASTIC_PASSWORD" | {keystore} add -x bootstrap.password'],
        **SECRETS)  # fmt: skip
    node.give()
    node.start()
    healthy = place.here(place.services["elasticsearch"]["healthcheck"]["test"], **{"https://localhost:9200": node.url})
    run(["bash", "-c", healthy])

    answer = run(["bash", "-euc", place.script("kibana-user", **{"https://elasticsearch:9200": node.url})], **SECRETS)
    assert answer == "{}"
    with Elasticsearch(
        node.url, ca_certs=str(authority), basic_auth=("kibana_system", SECRETS["KIBANA_PASSWORD"])
    ) as kibana:
        assert kibana.security.authenticate()["username"] == "kibana_system"

    data = tmp_path / "data"
    arguments = [word.replace("/data", str(data)) for word in place.services["bootstrap"]["command"]]
    assert arguments[0] == "elastic"
    told = {"data": str(data), "elasticsearch.url": node.url, "elasticsearch.ca_certs": str(authority)}
    for _ in range(2):
        done = CliRunner().invoke(elastic, arguments[1:], obj=Workplace(None, told), env=SECRETS)
        assert done.exit_code == 0, done.output
    files = place.services["marsad"]["environment"]
    key = Path(files["MARSAD_ELASTICSEARCH_API_KEY_FILE"].replace("/data", str(data)))
    assert Path(files["MARSAD_ELASTICSEARCH_ADMIN_API_KEY_FILE"].replace("/data", str(data))).exists()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with Elasticsearch(node.url, ca_certs=str(authority), api_key=key.read_text()) as writer:
        assert writer.count(index="news-health")["count"] == 0
        with pytest.raises(AuthorizationException):
            writer.indices.get(index=".security*,others", expand_wildcards="all", ignore_unavailable=False)


def _relative(settings: dict[str, str]) -> dict[str, str]:
    """Certificates lie in the server's config folder, and are named from there."""
    return {key: value.replace("/authority", "certificates/ca") for key, value in settings.items()}
