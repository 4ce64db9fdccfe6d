"""The peer of signing: a plain Django page, with the session in the database, a user, and a small template.

What `startproject` writes, with connections that are kept, served by granian with our number of processes and as many
threads as serve it best. `_peer_page.py people N` makes so many users with sessions; `_peer_page.py serve PORT WORKERS THREADS` serves.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

_TEMPLATE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>{% block title %}Beranda{% endblock %}</title></head>
<body><h1>Halo, {{ user.get_full_name }}</h1>
<ol>{% for point in points %}<li>{{ point }}</li>{% endfor %}</ol>
<form method="post">{% csrf_token %}<button>Kirim</button></form>
</body></html>
"""
_POINTS = [f"Butir ke-{number} dari halaman kecil ini, sepanjang satu kalimat biasa." for number in range(1, 9)]


def database(folder: Path) -> dict[str, Any]:
    """Return Django's settings of the peer's database: what DATABASE_URL names, else SQLite in the folder."""
    if url := os.environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 300,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "peer.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
    }


def _configure() -> None:
    settings.configure(
        SECRET_KEY="a key of a bench",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": database(Path(os.environ["PEER_HOME"]))},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ],
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"home.html": _TEMPLATE})],
                        )
                    ],
                },
            }
        ],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


@login_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"points": _POINTS})


urlpatterns = [path("", home)]


def application() -> Any:
    """Build Django, once in each process of the server, and return its door."""
    _configure()
    return get_wsgi_application()


def people(count: int) -> dict[str, Any]:
    """Make users with sessions."""
    _configure()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    password = make_password("kata-sandi-untuk-pengukuran")
    users = User.objects.bulk_create(
        User(username=f"pegawai-{number}", first_name="Pegawai", last_name=str(number), password=password)
        for number in range(count)
    )
    keys = []
    with transaction.atomic():
        for user in users:
            store = SessionStore()
            store.update(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            )
            store.create()
            keys.append(store.session_key)
    return {"people": [[user.pk, key] for user, key in zip(users, keys, strict=True)], "cookie": "sessionid"}


def serve(port: int, workers: int, threads: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "_peer_page:application",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=2048,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    act, *numbers = sys.argv[1:]
    if act == "people":
        print(json.dumps(people(int(numbers[0]))))
    else:
        serve(*map(int, numbers))
