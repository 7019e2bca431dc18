"""The settings: their types and defaults, and `load`, which merges what the command line, the environment and the
settings file say of them. The first of these that names a key decides it.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AnyHttpUrl, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from marsad import memory
from marsad.keys import ADDRESSES, SECRETS, VARIABLES
from marsad.layers import SettingsError, from_environment, nest, read_file, resolve_paths, unknown_variables

PROJECT_PAGE = "https://marsad.example/"
MASK = "********"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: object) -> object:
    if isinstance(value, str):
        if not (found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", value)):
            raise ValueError("is no duration; write a number and a unit, such as 30d, 12h, 15m or 90s")
        return timedelta(**{UNITS[found[2]]: float(found[1])})
    return value


def _networks(value: object) -> object:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        return value
    return tuple(ipaddress.ip_network(name.strip()) if isinstance(name, str) else name for name in names if name)


def _zone(value: str | None) -> str | None:
    if value is not None:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("is no known time zone; write an IANA name such as Asia/Qatar") from None
    return value


def default_workers() -> int:
    """One a core, but no more than one for each GB that we may use: a worker may grow to that on a hostile page."""
    return max(1, min(os.cpu_count() or 1, memory.ceiling() // 2**30))


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Elasticsearch(Section):
    url: AnyHttpUrl | None = None
    api_key: SecretStr | None = None
    admin_api_key: SecretStr | None = None
    ca_certs: Path | None = None
    alias: str = "news"


class Kibana(Section):
    url: AnyHttpUrl | None = None
    api_key: SecretStr | None = None


class Index(Section):
    retention_months: int | None = Field(default=None, ge=1)


class Crawler(Section):
    contact: str = PROJECT_PAGE
    delay: float = Field(default=3.0, ge=0, le=3600)
    allow_networks: Annotated[
        tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...], BeforeValidator(_networks)
    ] = ()
    workers: int = Field(default_factory=default_workers, ge=1, le=256)
    max_age: Annotated[timedelta, BeforeValidator(_duration)] = timedelta(days=30)
    proxy: AnyHttpUrl | None = None
    verify_tls: bool = False


class Archive(Section):
    days: int = Field(default=30, ge=0)
    max_gb: float = Field(default=20, ge=0)


class Metrics(Section):
    port: int = Field(default=9464, ge=0, le=65535)


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Display(Section):
    timezone: Annotated[str | None, BeforeValidator(_zone)] = None


class _Layer(PydanticBaseSettingsSource):
    """One place where settings are said, already as a nested mapping."""

    def __init__(self, settings: type[BaseSettings], values: dict[str, Any]) -> None:
        super().__init__(settings)
        self._values = values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._values.get(field_name), field_name, True

    def __call__(self) -> dict[str, Any]:
        return self._values


class Settings(BaseSettings):
    """Everything a person can set. Frozen; paths are absolute."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    data: Path = Path("data")
    sources: Path | None = None
    elasticsearch: Elasticsearch = Field(default_factory=Elasticsearch)
    kibana: Kibana = Field(default_factory=Kibana)
    index: Index = Field(default_factory=Index)
    crawler: Crawler = Field(default_factory=Crawler)
    archive: Archive = Field(default_factory=Archive)
    metrics: Metrics = Field(default_factory=Metrics)
    log: Log = Field(default_factory=Log)
    display: Display = Field(default_factory=Display)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Our layers instead of the library's: the variables' names do not follow the keys' nesting."""
        layers = init_settings().get("layers", [])
        return tuple(_Layer(settings_cls, layer) for layer in layers)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in force, where each key was said, and what to warn about."""

    settings: Settings
    origins: Mapping[str, str]
    warnings: tuple[str, ...]


def load(
    config: Path | None = None,
    overrides: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Loaded:
    """Read and check all settings. Raises SettingsError with one sentence a mistake."""
    environ = os.environ if environ is None else environ
    file, said = read_file(config, environ)
    base = file.parent if file else Path.cwd()
    layers = {
        "command line": dict(overrides or {}),
        "environment": from_environment(environ),
        str(file): said,
    }
    origins = {key: name for name, layer in reversed(layers.items()) for key in layer}
    for layer, folder in zip(layers.values(), (Path.cwd(), base, base), strict=True):
        resolve_paths(layer, folder)
    try:
        settings = Settings(layers=[nest(layer) for layer in layers.values()])  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem, origins) for problem in error.errors())) from None
    if "data" not in origins:
        settings = settings.model_copy(update={"data": base / "data"})
    return Loaded(settings, {key: origins.get(key, "default") for key in VARIABLES}, unknown_variables(environ))


def load_settings(
    config: Path | None = None,
    overrides: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    return load(config, overrides, environ).settings


def shown(settings: Settings, key: str) -> Any:
    """A setting's value for people and JSON: secrets masked, durations and networks as they are written."""
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    if isinstance(value, SecretStr):
        return MASK
    if key in ADDRESSES and value is not None:
        return _without_user(str(value))
    if isinstance(value, timedelta):
        return f"{value.total_seconds() / 86400:g}d"
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return value if value is None or isinstance(value, int | float) else str(value)


def _without_user(address: str) -> str:
    """An address may hold a name and a password; all before the last @ may be one where it is written wrongly."""
    return re.sub(r"^('?(?:\w+://)?).*@", rf"\1{MASK}@", address, flags=re.DOTALL)


def _sentence(problem: Any, origins: Mapping[str, str]) -> str:
    parts = [str(part) for part in problem["loc"]]
    key = next((name for name in (".".join(parts[:n]) for n in (2, 1)) if name in VARIABLES), ".".join(parts))
    where = origins.get(key, "settings")
    where = VARIABLES.get(key, where) if where == "environment" else where
    if problem["type"] == "extra_forbidden":
        close = get_close_matches(key, VARIABLES, n=1, cutoff=0.4)
        hint = f"did you mean `{close[0]}`?" if close else "see `marsad config` for all keys."
        return f"{where}: there is no setting `{key}`; {hint}"
    said = repr(problem["input"])
    said = "a secret" if key in SECRETS else _without_user(said) if key in ADDRESSES else said
    words = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return f"{where}: `{key}` is {said}, but {words}; see `marsad config` for the settings and their defaults."
