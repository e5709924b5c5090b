"""`deploy/.env.example`: every setting as a line that is commented out.

`python -m studio.config.env_example > deploy/.env.example` writes it anew.
"""

from __future__ import annotations

import textwrap

from studio.config.environment import list_settings

WIDTH = 118
COMPOSE = (
    ("POSTGRES_PASSWORD", "", "The database's password; letters and digits. Required."),
    ("METRICS_TOKEN", "", "For Prometheus (profile observability)."),
    ("GRAFANA_PASSWORD", "", "For Grafana (profile observability)."),
    ("MINIO_PASSWORD", "", "For MinIO (profile s3); set STORAGE_URL as well."),
    (
        "LISTEN",
        "127.0.0.1:8000",
        "The address and port of this machine that the studio is visited at.",
    ),
)
# compose.yaml sets these itself.
OWN = {"DATABASE_URL", "REDIS_URL", "HOST", "PORT", "DATA_DIR", "LOG_FORMAT"}


def make_env_example() -> str:
    """Return the file: what compose.yaml needs, then every setting of the studio."""
    lines = [
        "# Settings of deploy/compose.yaml. Copy this file to deploy/.env and change it there.",
        "",
    ]
    for name, default, meaning in COMPOSE:
        lines += [*_comment(meaning), f"{name}={default}", ""]
    named = {name for name, _, _ in COMPOSE}
    lines += ["# The studio's own settings, with their defaults (docs/configuration.md).", ""]
    for setting in list_settings():
        if setting.name not in OWN | named:
            lines += [*_comment(setting.meaning), f"# {setting.name}={setting.default}", ""]
    return "\n".join(lines)


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


if __name__ == "__main__":
    print(make_env_example(), end="")
