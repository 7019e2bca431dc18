"""A real Elasticsearch on loopback, out of Maven Central: unpacked once, started as often as a test needs.

The archive has no start script, so the server's own launcher is started as its script would start it. The server
refuses to run as root; then it runs as nobody, who is given a folder of links to the unpacked files.

`python -m tests.elastic.node` fetches and unpacks it beforehand, so that no test's time goes into that.
"""

import fcntl
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

VERSION: Final = "9.4.3"
POM: Final = Path(__file__).with_name("pom.xml")
NOBODY: Final = 65534
AS_ROOT: Final = os.getuid() == 0
JVMS: Final = ("/usr/lib/jvm", "/opt", "/opt/java", "/usr/local", "/Library/Java/JavaVirtualMachines")
MISSING: Final = "no JDK 25 with mvn and no MARSAD_TEST_ELASTICSEARCH_URL: nothing was tested with Elasticsearch"
STARTS_WITHIN: Final = 300.0  # on a machine that is busy with other things


def find_jdk() -> Path | None:
    """A full JDK 25: older ones and bare runtimes lack modules that the server needs."""
    named = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    around = [home for folder in map(Path, JVMS) if folder.is_dir() for home in sorted(folder.iterdir())]
    for home in (*named, *around, *(home / "Contents" / "Home" for home in around)):
        release = home / "release"
        if (home / "bin" / "javac").exists() and release.exists() and 'JAVA_VERSION="25' in release.read_text():
            return home
    return None


def unpacked(jdk: Path) -> Path:
    """The server's folder, from the cache or from Maven Central; whoever comes second waits for the first."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "marsad"
    folder = cache / f"elasticsearch-{VERSION}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=cache) as work:
                _unpack(jdk, Path(work))
                (Path(work) / "unpacked").rename(folder)
    return next(folder.glob("sonarqube-*/elasticsearch"))


def _unpack(jdk: Path, work: Path) -> None:
    """With a repository of its own: what Maven fetched, near a gigabyte, is of no use afterwards. Twice, where the line
    broke: what had come in whole is kept."""
    command = ["mvn", "-q", "-B", "-f", str(work / POM.name), "generate-resources"]
    options = [f"-Dmaven.repo.local={work / 'repository'}", f"-Dnode.folder={work / 'unpacked'}"]
    shutil.copy(POM, work)
    environ = {**os.environ, "JAVA_HOME": str(jdk)}
    if subprocess.run([*command, *options], env=environ, timeout=900).returncode:
        subprocess.run([*command, *options], check=True, env=environ, timeout=900)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Node:
    """One server with a folder of its own. It keeps its port and its data when it is stopped and started again."""

    def __init__(
        self,
        jdk: Path,
        home: Path,
        *,
        settings: Mapping[str, object] | None = None,
        heap: str = "512m",
        user: tuple[str, str] | None = None,
    ):
        """`user`: by whose name and password to ask whether it is ready. Otherwise it is when it asks for one."""
        self.folder = Path(tempfile.mkdtemp(prefix="marsad-node-"))
        self.port = free_port()
        self._jdk = jdk
        self._home = home
        self._heap = heap
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "cluster.name": f"marsad-{self.port}",
            "node.name": "test",
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": free_port(),
            "discovery.type": "single-node",
            "xpack.security.enabled": "false",
            **(settings or {}),
        }
        self._prepare()

    @property
    def secure(self) -> bool:
        return self._settings.get("xpack.security.http.ssl.enabled") == "true"

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        return self.folder / "config"

    def start(self) -> None:
        """Returns when it answers."""
        with (self.folder / "out.txt").open("ab") as out:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.folder / "home",
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=NOBODY if AS_ROOT else None,
                group=NOBODY if AS_ROOT else None,
                extra_groups=[] if AS_ROOT else None,
            )
        end = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"Elasticsearch did not start:\n{self.output()[-3000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut does."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        self._end(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def output(self) -> str:
        return (self.folder / "out.txt").read_text(errors="replace")

    def give(self) -> None:
        """Everything in the node's folder to the node's user: call it after files were put there."""
        if AS_ROOT:
            for path in (self.folder, self.folder / "data", *self.config.rglob("*"), self.config):
                os.chown(path, NOBODY, NOBODY)

    def _prepare(self) -> None:
        shutil.copytree(self._home, self.folder / "home", copy_function=_link)
        shutil.copytree(self._home / "config", self.config)
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir()
            if AS_ROOT:
                os.chown(self.folder / name, NOBODY, NOBODY)
        lines = (f"{key}: {value}\n" for key, value in self._settings.items())
        (self.config / "elasticsearch.yml").write_text("".join(lines))
        options = self.config / "jvm.options"
        kept = (line for line in options.read_text().splitlines() if not line.startswith(("-XX:+UseG1GC", "-Xlog")))
        options.write_text("\n".join([*kept, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", ""]))
        self.give()

    def _command(self) -> list[str]:
        tools = self.folder / "home" / "lib" / "tools" / "server-launcher" / "*"
        launcher = "org.elasticsearch.server.launcher.ServerLauncher"
        return [str(self._jdk / "bin" / "java"), "-Xmx64m", "-XX:+UseSerialGC", "-cp", str(tools), launcher]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "JAVA": str(self._jdk / "bin" / "java"),
            "JAVA_HOME": str(self._jdk),
            "JAVA_TYPE": "JAVA_HOME",
            "ES_HOME": str(self.folder / "home"),
            "ES_PATH_CONF": str(self.config),
            "ES_DISTRIBUTION_TYPE": "tar",
            "ES_TMPDIR": str(self.folder / "tmp"),
            "CLI_JAVA_OPTS": "-Xmx64m -XX:+UseSerialGC",
            "ES_JAVA_OPTS": f"-Xms{self._heap} -Xmx{self._heap}",
        }

    def _answers(self) -> bool:
        """Whatever its certificate is: that is for tests to look at."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        health = urllib.request.Request(f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=5s")
        if self._user:
            health.add_header("Authorization", f"Basic {b64encode(':'.join(self._user).encode()).decode()}")
        try:
            with urllib.request.urlopen(health, timeout=6, context=trusting if self.secure else None):
                return True
        except urllib.error.HTTPError as error:
            return error.code == 401 and self._user is None
        except OSError:
            return False

    def _end(self, with_signal: int) -> None:
        """The whole session: the launcher and the server it started."""
        if self._process is None:
            return
        _send(self._process.pid, with_signal)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            _send(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
        end = time.monotonic() + 30
        while _send(self._process.pid, 0) and time.monotonic() < end:
            time.sleep(0.05)
        _send(self._process.pid, signal.SIGKILL)
        self._process = None


def _send(group: int, number: int) -> bool:
    """False when nobody is left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _link(source: str, target: str) -> None:
    """Hard links cost nothing, but do not reach across file systems."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def main() -> int:
    jdk = find_jdk()
    if jdk is None or shutil.which("mvn") is None:
        print(MISSING, file=sys.stderr)
        return 1
    print(unpacked(jdk))
    return 0


if __name__ == "__main__":
    sys.exit(main())
