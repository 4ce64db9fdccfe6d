"""Static files as they are collected: named by their content, compressed, and so are the modules that modules import."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """Django leaves the imports of modules alone unless it is told: they would be cached by a name that stays."""

    support_js_module_import_aggregation = True
