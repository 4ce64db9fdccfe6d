"""Delivery to people: pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "ikrar.web"
    label = "web"
