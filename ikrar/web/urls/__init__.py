"""The doors that this process opens; a deployment chooses them."""

from django.conf import settings
from django.urls import include, path

_DOORS = {"staff": "ikrar.web.urls.staff", "public": "ikrar.web.urls.public"}
urlpatterns = [path("", include(_DOORS[door])) for door in _DOORS if door in settings.DOORS]
handler400 = "ikrar.web.views.public.bad_request"
handler404 = "ikrar.web.views.public.not_found"
handler403 = "ikrar.web.views.public.forbidden"
