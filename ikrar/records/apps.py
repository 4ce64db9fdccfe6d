"""Everything stored, in one app: one line of migrations, foreign keys at ease."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "ikrar.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
