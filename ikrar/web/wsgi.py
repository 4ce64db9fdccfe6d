"""The door of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from ikrar.worker import serving

os.umask(0o077)  # whatever server loads this: files that are made here are the installation's alone
serving.end_with_server()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
application = get_wsgi_application()
