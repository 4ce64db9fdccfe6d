"""The doors that this process opens; a deployment chooses them."""

from django.conf import settings
from django.urls import include, path

_DOORS = {"public": "ikrar.web.urls.public", "staff": "ikrar.web.urls.staff"}
urlpatterns = [path("", include(_DOORS[door])) for door in settings.DOORS]
handler404 = "ikrar.web.views.public.not_found"
handler403 = "ikrar.web.views.public.forbidden"
