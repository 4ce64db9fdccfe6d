"""The door of the web server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from ikrar.worker import serving

# Young objects that bring the collector of cycles out. A page makes thousands and leaves hardly any.
_YOUNG = 20_000

os.umask(0o077)  # whatever server loads this: files that are made here are the installation's alone
serving.end_with_server()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
application = get_wsgi_application()
serving.keep_to_one_processor(settings.HOME)
_ = get_resolver().url_patterns  # every view, and so every module, before the first request
# What stands now stands as long as the process: the collector need not walk over it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(_YOUNG, 20, 20)
