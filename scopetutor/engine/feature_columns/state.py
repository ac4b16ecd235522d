"""Where the variables of columns are: in a layer, or in variable scopes.

Before input_layer and linear_model, which hand one to each column. As functions these
make variables with `get_variable`, as layers of keras on their own.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.scopes import get_variable


class LayerState:
    """The variables of columns that belong to a layer of keras.

    Args:
        layer: makes them.
        trainable: whether optimizers may change them.
    """

    def __init__(self, layer: Any, trainable: bool) -> None:
        self._layer = layer
        self._trainable = trainable
        self._made: dict[tuple[Any, str], Any] = {}

    def create_variable(
        self,
        feature_column: Any,
        name: str,
        shape: Any,
        dtype: Any = None,
        trainable: bool = True,
        use_resource: bool = True,
        initializer: Any = None,
    ) -> Any:
        """Makes a column's variable.

        Raises:
            ValueError: it is there.
        """
        if (feature_column, name) in self._made:
            raise ValueError("Variable already exists.")
        made = self._layer.add_weight(
            name=name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            trainable=self._trainable and trainable,
            use_resource=use_resource,
            getter=get_variable,
        )
        self._made[feature_column, name] = made
        return made

    def get_variable(self, feature_column: Any, name: str) -> Any:
        """A column's variable.

        Raises:
            ValueError: it is not there.
        """
        if (feature_column, name) not in self._made:
            raise ValueError("Variable does not exist.")
        return self._made[feature_column, name]


class ScopeState:
    """The variables of columns by the variable scope they are asked for in.

    Args:
        collections: that they are entered in, too.
        trainable: whether optimizers may change them.
    """

    def __init__(self, collections: Any, trainable: bool) -> None:
        self.collections = list(collections or [])
        for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES):
            if key not in self.collections:
                self.collections.append(key)
        self._trainable = trainable
        self._last: Any = None

    def create_variable(
        self,
        feature_column: Any,
        name: str,
        shape: Any,
        dtype: Any = None,
        trainable: bool = True,
        use_resource: bool = True,
        initializer: Any = None,
    ) -> Any:
        """The variable of a name in the present scope."""
        del feature_column, use_resource  # TF 1.15: the scope decides of what kind
        self._last = get_variable(
            name=name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            trainable=self._trainable and trainable,
            collections=self.collections,
        )
        return self._last

    def get_variable(self, feature_column: Any, name: str) -> Any:
        """A column's variable in the present scope."""
        del name  # a column has one
        feature_column.create_state(self)
        return self._last
