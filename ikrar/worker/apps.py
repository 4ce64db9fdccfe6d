"""Delivery to the clock and the operator: commands and the tick."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "ikrar.worker"
    label = "worker"
