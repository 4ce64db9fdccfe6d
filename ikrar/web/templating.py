"""Templates as they are loaded here: parsed once a process, and searched for blocks once, too."""

from collections.abc import Collection
from typing import Any

from django.template import Origin, Template
from django.template.base import Node, NodeList
from django.template.loaders import cached


class Loader(cached.Loader):
    """Django's loader, which keeps what it parsed; `extends` need not look through all of a parent at every page."""

    def get_template(self, template_name: str, skip: Collection[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if not isinstance(template.nodelist, _Parsed):
            template.nodelist = _Parsed(template.nodelist)
        return template


class _Parsed(NodeList):
    """The nodes of a template, which no longer change."""

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self._found: dict[type[Node], list[Any]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Any]:
        found = self._found.get(nodetype)
        if found is None:
            found = self._found[nodetype] = super().get_nodes_by_type(nodetype)
        return found
