"""`tf.keras.layers.Lambda`: a function that is a layer.

After ``layer.py``. Variables that the function makes are the layer's weights, one for
each name. TF 1.15: in a config the function is byte code, or a name.
"""

from __future__ import annotations

import builtins
import codecs
import inspect
import marshal
import sys
import types
from typing import Any

from scopetutor.engine.entering import variable_creator_scope
from scopetutor.engine.shapes import TensorShape

from . import assignments, lookup
from .layer import Layer


class Lambda(Layer):
    """What a function makes of the inputs.

    Args:
        function: takes the inputs, and `mask` or `training` if it has such arguments.
        output_shape: of the outputs without the batch, or a function of that of the
            inputs.
        mask: the mask of the outputs, or a function of the inputs and their mask.
        arguments: further ones of the function, by name.
        kwargs: as for every layer.
    """

    def __init__(
        self,
        function: Any,
        output_shape: Any = None,
        mask: Any = None,
        arguments: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.function = function
        self.arguments = arguments or {}
        self.supports_masking = mask is not None
        self.mask = mask
        self._output_shape = output_shape
        self._made: dict[str, Any] = {}
        names = inspect.getfullargspec(function).args
        self._told = [name for name in ("mask", "training") if name in names]

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:
        """What the function makes of the inputs."""
        said = {"mask": mask, "training": training}
        for name in self._told:
            self.arguments[name] = said[name]
        with variable_creator_scope(self._variable):
            return self.function(inputs, **self.arguments)

    def _variable(self, next_creator: Any, **kwargs: Any) -> Any:
        """A variable that the function makes; of one name there is one only."""
        name = kwargs["name"]
        if name not in self._made:
            made = self._made[name] = next_creator(**kwargs)
            own = self._trainable_weights
            (own if made.trainable else self._non_trainable_weights).append(made)
            assignments.track(made)
        return self._made[name]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs, as it was told.

        Raises:
            NotImplementedError: it was not.
        """
        if self._output_shape is None:
            raise NotImplementedError(
                "We could not automatically infer the shape of the Lambda's output. "
                "Please specify `output_shape` for this Lambda."
            )
        if callable(self._output_shape):
            return TensorShape(self._output_shape(input_shape))
        first = input_shape[0] if isinstance(input_shape, list) else input_shape
        batch = TensorShape(first)[0]
        return TensorShape([batch, *self._output_shape])

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the outputs, as it was told."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it; functions as byte code."""
        config = {
            **super().get_config(),
            **_described("function", self.function),
            **_described("output_shape", self._output_shape),
        }
        # TF 1.15: that of the function has no name of its own.
        config["module"] = config.pop("function_module")
        if self.mask is not None:
            config |= _described("mask", self.mask)
        return config | {"arguments": self.arguments}

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """The layer of what `get_config` gave.

        Raises:
            ValueError: a function of this name is not known.
        """
        config = dict(config)
        for name in ("function", "output_shape", "mask"):
            if name in config:
                config[name] = _function_of(config, name, custom_objects or {})
        return cls(**config)


def _described(name: str, value: Any) -> dict[str, Any]:
    """A function by its name, or as byte code if it is a lambda; others as they are."""
    if isinstance(value, types.FunctionType):
        code = codecs.encode(marshal.dumps(value.__code__), "base64").decode("ascii")
        cells = value.__closure__
        closure = tuple(one.cell_contents for one in cells) if cells else None
        found: Any = (code, value.__defaults__, closure), "lambda", value.__module__
    elif callable(value):
        found = value.__name__, "function", value.__module__
    else:
        found = value, "raw", None
    return dict(zip((name, f"{name}_type", f"{name}_module"), found, strict=True))


def _function_of(config: dict[str, Any], name: str, own: dict[str, Any]) -> Any:
    """What `_described` told of, in the module that it comes from."""
    module = config.pop(f"{name}_module", None) or config.pop("module", None)
    kind = config.pop(f"{name}_type")
    value = config[name]
    names = {**vars(sys.modules.get(module, builtins)), **own}
    if kind == "raw":
        return value
    if kind == "function":
        return lookup.find(value, names, "function in Lambda layer", own)
    code, defaults, closure = value
    made = marshal.loads(codecs.decode(code.encode("ascii"), "base64"))
    cells = tuple(types.CellType(one) for one in closure or ()) or None
    given = None if defaults is None else tuple(defaults)
    return types.FunctionType(made, names, None, given, cells)
