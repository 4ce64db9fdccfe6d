"""The public door: no account."""

from django.urls import path

from ikrar.web.views import demo, public

urlpatterns = [
    path("", public.landing, name="landing"),
    path("periksa/", public.check, name="check"),
    path("periksa/<str:code>/", public.check_code, name="check-code"),
    path("kalender/", public.calendar, name="calendar"),
    path("kalender/<str:region>.ics", public.calendar_feed, name="calendar-feed"),
    path("kalender/<str:region>/", public.calendar, name="calendar-region"),
    path("kredit/", public.credits, name="credits"),
    path("bahasa/", public.language, name="language"),
    path("sehat/", public.health, name="health"),
    path("demo/masuk/", demo.step_in, name="demo-step-in"),
    path("demo/hari/", demo.set_day, name="demo-day"),
]
