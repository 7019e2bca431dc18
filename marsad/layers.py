"""The places where settings are said, each read into one flat mapping (`{"crawler.delay": 5}`): file, environment."""

import os
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from marsad.keys import OTHER_VARIABLES, PATHS, SECRETS, VARIABLES

CONFIG_FILE = "marsad.toml"


class SettingsError(Exception):
    """A setting that cannot be used: names the key, what is wrong, and what to write instead."""


def read_file(config: Path | None, environ: Mapping[str, str]) -> tuple[Path | None, dict[str, Any]]:
    named = config or (Path(environ["MARSAD_CONFIG"]) if environ.get("MARSAD_CONFIG") else None)
    file = (named or Path(CONFIG_FILE)).absolute()
    if not file.exists():
        if named:
            raise SettingsError(f"The settings file {named} does not exist; create it or leave --config out.")
        return None, {}
    try:
        return file, _flatten(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: is not valid TOML ({error}); see `marsad config --help`.") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); check its permissions.") from None


def _flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def nest(values: Mapping[str, Any]) -> dict[str, Any]:
    """{"crawler.delay": 5} as {"crawler": {"delay": 5}}."""
    nested: dict[str, Any] = {}
    for key, value in values.items():
        section, _, name = key.rpartition(".")
        (nested.setdefault(section, {}) if section else nested)[name] = value
    return nested


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """An empty variable counts as unset: compose files pass `${X:-}` through. A secret may lie in a file."""
    said: dict[str, Any] = {key: environ[name] for key, name in VARIABLES.items() if environ.get(name)}
    return said | {key: secret for key in SECRETS if (secret := _secret_file(VARIABLES[key], environ)) is not None}


def elastic_password(environ: Mapping[str, str] | None = None) -> str | None:
    """The password of the person who makes roles, keys and saved objects: never kept, so no setting of its own."""
    environ = os.environ if environ is None else environ
    from_file = _secret_file("ELASTIC_PASSWORD", environ)
    return from_file if from_file is not None else environ.get("ELASTIC_PASSWORD") or None


def _secret_file(variable: str, environ: Mapping[str, str]) -> str | None:
    path = environ.get(f"{variable}_FILE")
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{variable}_FILE: {path} cannot be read ({error.strerror}); check the path.") from None


def resolve_paths(layer: dict[str, Any], folder: Path) -> None:
    """Make the layer's relative paths absolute, against `folder`."""
    for key in PATHS & layer.keys():
        if isinstance(layer[key], str):
            layer[key] = folder / Path(layer[key]).expanduser()


def unknown_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """A warning for each `MARSAD_…` variable that sets nothing."""
    known = set(VARIABLES.values()) | OTHER_VARIABLES | {f"{VARIABLES[key]}_FILE" for key in SECRETS}
    warnings = []
    for name in sorted(environ.keys() - known):
        if name.startswith("MARSAD_"):
            close = get_close_matches(name, known, n=1)
            warnings.append(f"{name} is not a setting{f'; did you mean {close[0]}?' if close else ' and is ignored.'}")
    return tuple(warnings)
