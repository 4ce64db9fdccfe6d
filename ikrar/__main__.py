"""The command `ikrar`. Exit status: 0 done, 1 refused (the reason on stderr), 2 wrong usage."""

import os
import sys


def main() -> None:
    """Run one command; `ikrar help` lists them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    import django
    from django.core.management import ManagementUtility, get_commands

    argv = ["ikrar", *sys.argv[1:]]
    name = argv[1] if len(argv) > 1 else "help"
    django.setup()
    if name not in ("help", "--help", "-h", "--version") and name not in get_commands():
        print(f"ikrar: unknown command {name!r}; 'ikrar help' lists them", file=sys.stderr)  # noqa: T201
        raise SystemExit(2)
    ManagementUtility(argv).execute()


if __name__ == "__main__":
    main()
