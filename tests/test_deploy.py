"""What stands in deploy/, as far as it can be judged without a container engine."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from agentdesk import database
from agentdesk.celery import app

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
READ = re.compile(r"environment\.\w+\(\s*\"([A-Z_]+)\"")
COMPOSE_ONLY = {
    *("DOMAIN", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "VALKEY_PASSWORD"),
}


def read_by_the_settings() -> set[str]:
    source = ROOT / "agentdesk/settings.py"
    return set(READ.findall(source.read_text(encoding="utf-8")))


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(
        (DEPLOY / "compose.yaml").read_text("utf-8")
    )
    return document


def test_every_variable_of_the_example_is_read():
    lines = (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {
        match[1] for line in lines if (match := re.match(r"#?([A-Z_]{3,})=", line))
    }
    assert named - COMPOSE_ONLY <= read_by_the_settings()
    assert {"SECRET_KEY", "CREDENTIAL_KEY"} <= named


def test_compose_sets_only_variables_that_are_read():
    variables = set(compose()["services"]["web"]["environment"])
    assert variables - COMPOSE_ONLY <= read_by_the_settings()


def test_what_runs_the_desk_does_not_know_the_password_of_the_tables_owner():
    """`env_file` hands all of .env to every service, unless it is set anew there."""
    for name, service in compose()["services"].items():
        if "env_file" in service:
            assert service["environment"]["POSTGRES_PASSWORD"] == "", name


def test_compose_runs_the_same_four_processes_as_up():
    services = compose()["services"]
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "agentdesk.asgi:application" in dockerfile
    assert services["worker"]["command"][:4] == ["celery", "-A", "agentdesk", "worker"]
    assert services["beat"]["command"][:4] == ["celery", "-A", "agentdesk", "beat"]
    assert services["mail"]["command"] == ["python", "manage.py", "fetch_mail"]
    assert {"postgres", "valkey", "caddy", "migrate"} < set(services)


def test_compose_waits_for_what_exists_and_keeps_the_data():
    document = compose()
    for service in document["services"].values():
        assert set(service.get("depends_on", {})) <= set(document["services"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in document["volumes"] or (DEPLOY / source).exists()


def test_only_the_proxy_is_reachable_from_outside():
    with_ports = {n for n, s in compose()["services"].items() if "ports" in s}
    assert with_ports == {"caddy"}


def test_the_image_copies_what_exists_and_runs_without_root():
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [shlex.split(line)[1:-1] for line in lines if line.startswith("COPY ")]
    sources = {s for words in copied for s in words if not s.startswith(("--", "/"))}
    assert all((ROOT / source).exists() for source in sources)
    assert "USER agentdesk" in lines
    assert {"agentdesk", "conversations", "customers", "templates"} < sources


def test_the_proxy_passes_to_web_by_name():
    proxy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy web:8000" in proxy
    assert proxy.count("{") == proxy.count("}")


def test_what_runs_the_desk_owns_no_table_and_valkey_asks_for_a_password():
    services = compose()["services"]
    for name in ("web", "worker", "sender", "beat", "mail"):
        environment = services[name]["environment"]
        assert environment["DATABASE_URL"].startswith("postgresql://agentdesk_app:")
        assert environment["REDIS_URL"].startswith("redis://:${VALKEY_PASSWORD")
        assert "POSTGRES_APP_PASSWORD" not in environment
    migrate = services["migrate"]
    assert migrate["environment"]["DATABASE_URL"].startswith("postgresql://agentdesk:")
    assert "manage.py grant_access agentdesk_app" in migrate["command"][-1]
    valkey = services["valkey"]["command"]
    assert valkey[valkey.index("--requirepass") + 1] == "${VALKEY_PASSWORD}"


def test_the_schedule_of_beat_is_kept_outside_the_source():
    file = Path(app.conf.beat_schedule_filename)
    assert file.parent == settings.VAR_DIR
    assert not file.is_relative_to(ROOT / "agentdesk")


def test_an_address_with_a_password_is_one_for_the_broker_too():
    url = "redis://:s3cret@valkey:6379/0"
    assert database.as_broker_url(url) == url
    assert database.numbered(url, 3) == "redis://:s3cret@valkey:6379/3"
