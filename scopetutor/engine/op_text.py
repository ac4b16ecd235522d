"""What TensorFlow's runtime calls a type of operation in its messages.

``graph_import.py`` says it of nodes that do not fit, after ``signatures.py``, such as
``Op<name=Identity; signature=input:T -> output:T; attr=T:type>``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .dtypes import runtime_name
from .operation import dims_text

if TYPE_CHECKING:
    from .registry import Definition
    from .signatures import Argument, Attribute


def definition_text(definition: Definition) -> str:
    """The signature of a type of operation, as the runtime writes it."""
    inputs = ", ".join(map(_argument_text, definition.inputs))
    outputs = ", ".join(map(_argument_text, definition.outputs))
    attributes = "".join(
        f"; attr={_attribute_text(attribute)}"
        for attribute in definition.attributes.values()
    )
    stateful = "; is_stateful=true" if definition.is_stateful else ""
    return (
        f"Op<name={definition.name}; signature={inputs} -> {outputs}{attributes}"
        f"{stateful}>"
    )


def _argument_text(argument: Argument) -> str:
    # TF 1.15 says nothing of the types of a list of several types.
    kind = runtime_name(argument.dtype) if argument.dtype else argument.type_attr
    if argument.number_attr:
        kind = f"{argument.number_attr}*{kind}"
    return (
        f"{argument.name}:Ref({kind})" if argument.is_ref else f"{argument.name}:{kind}"
    )


def _attribute_text(attribute: Attribute) -> str:
    text = f"{attribute.name}:{attribute.kind}"
    if attribute.has_default:
        text += f",default={_value_text(attribute.kind, attribute.default)}"
    if attribute.minimum is not None:
        text += f",min={attribute.minimum}"
    if attribute.allowed is not None:
        kind = attribute.kind.removeprefix("list(").removesuffix(")")
        text += f",allowed={_value_text(f'list({kind})', attribute.allowed)}"
    return text


def _value_text(kind: str, value: Any) -> str:
    if kind.startswith("list("):
        return f"[{', '.join(_value_text(kind[5:-1], item) for item in value)}]"
    if kind == "type":
        return f"DT_{runtime_name(value).upper()}"
    if kind == "string":
        return f'"{value}"'
    if kind == "bool":
        return str(value).lower()
    if kind == "shape":
        return "<unknown>" if value is None else dims_text(value)
    return f"{value:.6g}" if kind == "float" else str(value)
