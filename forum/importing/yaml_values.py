"""YAML to plain words, lists and maps, bounded before anything is built.

No tag is ever acted on, no alias grows beyond a fixed number of values.
"""

import yaml

from forum.importing.records import WarningKey

Value = None | str | list["Value"] | dict[str, "Value"]

MAX_VALUES = 2_000
MAX_DEPTH = 20
_NOTHING = {"", "~", "null", "Null", "NULL"}
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "seq", "map", "timestamp")
} | {None, "!"}


class YamlError(ValueError):
    """The block cannot be taken; `key` names the message for it."""

    def __init__(self, key: WarningKey) -> None:
        super().__init__(key)
        self.key: WarningKey = key


def parse_yaml(raw: str) -> tuple[dict[str, Value], list[str]]:
    """Read one block; also names the keys that stood there more than once."""
    try:
        _check(raw)
        node = yaml.compose(raw, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise YamlError("front_matter_bad") from error
    if not isinstance(node, yaml.MappingNode):
        raise YamlError("front_matter_bad")
    builder = _Builder()
    values = builder.mapping(node, 0)
    return values, builder.doubled


def _check(raw: str) -> None:
    """Look at the stream of events, which holds nothing and calls nothing."""
    depth = 0
    for number, event in enumerate(yaml.parse(raw, Loader=yaml.BaseLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or number > 3 * MAX_VALUES:
            raise YamlError("front_matter_bad")
        if getattr(event, "tag", None) not in _PLAIN_TAGS:
            raise YamlError("front_matter_tag")


class _Builder:
    """Builds values from nodes, and counts what aliases would repeat."""

    def __init__(self) -> None:
        self.count = 0
        self.doubled: list[str] = []

    def value(self, node: yaml.Node, depth: int) -> Value:
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            raise YamlError("front_matter_aliases")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, depth + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        text = str(node.value)
        quoted = isinstance(node, yaml.ScalarNode) and bool(node.style)
        return None if text in _NOTHING and not quoted else text

    def mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError("front_matter_bad")
            name = str(key.value)
            if name in found:
                self.doubled.append(name)
            found[name] = self.value(value, depth)
        return found
