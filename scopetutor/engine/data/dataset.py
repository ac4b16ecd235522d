"""`tf.data.Dataset`: elements that are made when they are wanted.

After functions, arguments and options; iterators come next, ``ops/datasets.py`` runs
what is built here. TF 1.15: every transformation adds an operation that gives a scalar,
the dataset's variant; functions become graphs of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_n_to_tensor, convert_to_tensor
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.ops import dataset_batches, dataset_functions  # noqa: F401 - run it
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope

from . import functions, structure
from .arguments import int32, int64, known, seeds
from .files import matching_files
from .generators import generated
from .options import Options
from .padding import padded_batches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopetutor.engine.function_graphs import Function
    from scopetutor.engine.operation import Operation

AUTOTUNE = -1
_MODULE = "tensorflow.python.data.ops.dataset_ops"
_ITERATE = (
    "Use `for ... in dataset:` to iterate over a dataset. If using `tf.estimator`, "
    "return the `Dataset` object directly from your input function. As a last resort, "
    "you can use `tf.compat.v1.data.make_{}_iterator(dataset)`."
)


class Dataset:
    """Elements that may be gone through again and again.

    Attributes:
        element_spec: the structure of an element.
    """

    def __init__(
        self,
        variant_tensor: Any,
        element_spec: Any,
        inputs: Sequence[Dataset] = (),
        called: Sequence[Function] = (),
        options: Options | None = None,
    ) -> None:
        self._variant_tensor = variant_tensor
        self.element_spec = element_spec
        self._inputs = list(inputs)
        self._called = list(called)
        self._options = options

    # -- what it is --------------------------------------------------------------------

    def __repr__(self) -> str:
        shapes = structure.map_structure(
            str, structure.legacy_shapes(self.element_spec)
        )
        types = structure.map_structure(repr, structure.legacy_types(self.element_spec))
        shown, kinds = (str(part).replace("'", "") for part in (shapes, types))
        return f"<{type(self).__name__} shapes: {shown}, types: {kinds}>"

    @property
    @deprecated(
        "DatasetV1.output_types", _MODULE,
        "Use `tf.compat.v1.data.get_output_types(dataset)`.",
    )  # fmt: skip
    def output_types(self) -> Any:
        """The types of an element's parts."""
        return structure.legacy_types(self.element_spec)

    @property
    @deprecated(
        "DatasetV1.output_shapes", _MODULE,
        "Use `tf.compat.v1.data.get_output_shapes(dataset)`.",
    )  # fmt: skip
    def output_shapes(self) -> Any:
        """The static shapes of an element's parts."""
        return structure.legacy_shapes(self.element_spec)

    @property
    @deprecated(
        "DatasetV1.output_classes", _MODULE,
        "Use `tf.compat.v1.data.get_output_classes(dataset)`.",
    )  # fmt: skip
    def output_classes(self) -> Any:
        """The classes of an element's parts."""
        return structure.legacy_classes(self.element_spec)

    def options(self) -> Options:
        """The options of this dataset and of those it is made of."""
        if self._options is not None:
            return self._options
        merged = Options()
        for taken in self._inputs:
            merged = merged.merge(taken.options())
        return merged

    # -- where elements come from ------------------------------------------------------

    @staticmethod
    def from_tensors(tensors: Any) -> Dataset:
        """One element: all of what is given."""
        element = structure.normalized(tensors)
        spec = structure.spec_of(element)
        shapes = structure.attributes(spec)["output_shapes"]
        variant = apply(
            "TensorDataset", structure.tensors_of(element), output_shapes=shapes
        )
        return DatasetV1Adapter(variant, spec)

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """The rows of tensors.

        Raises:
            ValueError: they have different numbers of rows, or one is a scalar.
        """
        element = structure.normalized(tensors)
        batched = structure.spec_of(element)
        structure.check_rows(element)
        spec = structure.map_structure(lambda leaf: leaf.unbatched(), batched)
        structure.common_batch(structure.flatten(batched))
        variant = apply(
            "TensorSliceDataset",
            structure.tensors_of(element),
            output_shapes=structure.attributes(spec)["output_shapes"],
        )
        return DatasetV1Adapter(variant, spec)

    @staticmethod
    def from_generator(
        generator: Any, output_types: Any, output_shapes: Any = None, args: Any = None
    ) -> Dataset:
        """What a Python generator yields.

        Args:
            generator: a function without arguments, or of `args`, to iterate over.
            output_types: the types of an element's parts.
            output_shapes: their shapes; None: unknown.
            args: tensors whose values the function is given.
        """
        if not callable(generator):
            raise TypeError("`generator` must be callable.")
        if output_shapes is None:
            output_shapes = structure.map_structure(
                lambda _: TensorShape(None), output_types
            )
        spec = structure.from_legacy(output_types, output_shapes)
        given = () if args is None else tuple(convert_n_to_tensor(args, name="args"))
        numbered = Dataset.from_tensors(0)

        def flat_map_fn(start: Any) -> Dataset:
            return generated(start, generator, spec, given)

        return numbered.flat_map(flat_map_fn)

    @staticmethod
    def range(*args: Any) -> Dataset:
        """Integers: `range(stop)`, `range(start, stop)` or with a step."""
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Invalid arguments to RangeDataset: {args}")
        start, stop, step = {
            1: lambda: (0, *args, 1),
            2: lambda: (*args, 1),
            3: lambda: args,
        }[len(args)]()
        spec = structure.TensorSpec([], dtypes.int64)
        variant = apply(
            "RangeDataset",
            int64(start, "start"),
            int64(stop, "stop"),
            int64(step, "step"),
            **structure.attributes(spec),
        )
        return DatasetV1Adapter(variant, spec)

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        """Elements of several datasets together, as long as all have some.

        Raises:
            TypeError: something in the structure is no dataset.
        """
        flat = structure.flatten(datasets)
        for dataset in flat:
            if not isinstance(dataset, Dataset):
                problem = (
                    "The argument to `Dataset.zip()` must be a nested structure of "
                    "`Dataset` objects."
                )
                if isinstance(dataset, list):
                    problem += (
                        " Nested structures do not support Python lists; please use a "
                        "tuple instead."
                    )
                raise TypeError(problem)
        spec = structure.pack(datasets, [dataset.element_spec for dataset in flat])
        variant = apply(
            "ZipDataset",
            [dataset._variant_tensor for dataset in flat],
            **structure.attributes(spec),
        )
        return DatasetV1Adapter(variant, spec, flat)

    @staticmethod
    def list_files(
        file_pattern: Any, shuffle: bool | None = None, seed: Any = None
    ) -> Dataset:
        """The names of the files that match a pattern.

        Args:
            file_pattern: or several.
            shuffle: whether in a random order; None: yes.
            seed: of the order.
        """
        with name_scope("list_files"):
            found = matching_files(file_pattern)
            dataset = Dataset.from_tensor_slices(found)
            if shuffle is None or shuffle:
                from scopetutor.engine.ops.array import shape  # noqa: PLC0415 - used here only
                from scopetutor.engine.ops.math import maximum  # noqa: PLC0415 - used here only

                count = shape(found, out_type=dtypes.int64)[0]
                dataset = dataset.shuffle(maximum(count, 1), seed=seed)
            return dataset

    # -- transformations ---------------------------------------------------------------

    def _next(self, op_type: str, *inputs: Any, spec: Any = None, **attrs: Any) -> Any:
        """The dataset of an operation that takes this one's variant."""
        spec = self.element_spec if spec is None else spec
        variant = apply(
            op_type,
            self._variant_tensor,
            *inputs,
            **structure.attributes(spec),
            **attrs,
        )
        return DatasetV1Adapter(variant, spec, [self])

    def concatenate(self, dataset: Dataset) -> Dataset:
        """The elements of this one, then those of another one.

        Raises:
            TypeError: their elements have different types.
        """
        mine, theirs = self.element_spec, dataset.element_spec
        for word, parts in (
            ("types", structure.legacy_types),
            ("classes", structure.legacy_classes),
        ):
            if parts(mine) != parts(theirs):
                raise TypeError(
                    f"Two datasets to concatenate have different {word} {parts(mine)} "
                    f"and {parts(theirs)}"
                )
        shapes = [
            a.shape.most_specific_compatible_shape(b.shape)
            for a, b in zip(
                structure.flatten(mine), structure.flatten(theirs), strict=True
            )
        ]
        spec = structure.from_legacy(
            structure.legacy_types(mine),
            structure.pack(mine, shapes),
            structure.legacy_classes(mine),
        )
        made: Dataset = self._next(
            "ConcatenateDataset", dataset._variant_tensor, spec=spec
        )
        made._inputs.append(dataset)
        return made

    def prefetch(self, buffer_size: Any) -> Dataset:
        """The same elements, made ahead of time by TensorFlow."""
        size = -1 if buffer_size is None else buffer_size
        made: Dataset = self._next("PrefetchDataset", int64(size, "buffer_size"))
        return made

    def repeat(self, count: Any = None) -> Dataset:
        """The elements so many times; None or -1: without end."""
        tensor = (
            constants.constant(-1, dtype=dtypes.int64, name="count")
            if count is None
            else int64(count, "count")
        )
        made: Dataset = self._next("RepeatDataset", tensor)
        return made

    def enumerate(self, start: int = 0) -> Dataset:
        """Pairs of a number and an element."""
        most = np.iinfo(np.int64).max
        return Dataset.zip((Dataset.range(start, most), self))

    def shuffle(
        self,
        buffer_size: Any,
        seed: Any = None,
        reshuffle_each_iteration: bool | None = None,
    ) -> Dataset:
        """The elements in a random order.

        Args:
            buffer_size: among how many each one is chosen.
            seed: of the order.
            reshuffle_each_iteration: whether a repetition has another order.
        """
        size = int64(buffer_size, "buffer_size")
        first, second = seeds(seed)
        again = reshuffle_each_iteration is None or reshuffle_each_iteration
        made: Dataset = self._next(
            "ShuffleDataset", size, first, second, reshuffle_each_iteration=again
        )
        return made

    def cache(self, filename: Any = "") -> Dataset:
        """The elements, made once and kept."""
        name = convert_to_tensor(filename, dtype=dtypes.string, name="filename")
        made: Dataset = self._next("CacheDataset", name)
        return made

    def take(self, count: Any) -> Dataset:
        """The first elements; -1: all."""
        made: Dataset = self._next("TakeDataset", int64(count, "count"))
        return made

    def skip(self, count: Any) -> Dataset:
        """All but the first elements; -1: none."""
        made: Dataset = self._next("SkipDataset", int64(count, "count"))
        return made

    def shard(self, num_shards: Any, index: Any) -> Dataset:
        """Every `num_shards`-th element, from the one at `index` on."""
        made: Dataset = self._next(
            "ShardDataset", int64(num_shards, "num_shards"), int64(index, "index")
        )
        return made

    def batch(self, batch_size: Any, drop_remainder: Any = False) -> Dataset:
        """Elements together, in tensors with one dimension more.

        Args:
            batch_size: how many.
            drop_remainder: whether fewer at the end are left out.
        """
        size = int64(batch_size, "batch_size")
        drop = convert_to_tensor(
            drop_remainder, dtype=dtypes.bool_, name="drop_remainder"
        )
        rows = known(size) if known(drop) else None
        spec = structure.map_structure(
            lambda leaf: leaf.batched(rows), self.element_spec
        )
        made: Dataset = self._next("BatchDatasetV2", size, drop, spec=spec)
        return made

    def padded_batch(
        self,
        batch_size: Any,
        padded_shapes: Any,
        padding_values: Any = None,
        drop_remainder: Any = False,
    ) -> Dataset:
        """As `batch`, with elements of different shapes made equal.

        Args:
            batch_size: how many.
            padded_shapes: the shapes; None or -1: of the largest in the batch.
            padding_values: what is put where there was nothing; None: 0 or "".
            drop_remainder: whether fewer at the end are left out.
        """
        inputs, spec = padded_batches(
            self.element_spec, batch_size, padded_shapes, padding_values, drop_remainder
        )
        shapes = structure.attributes(spec)["output_shapes"]
        variant = apply(
            "PaddedBatchDatasetV2", self._variant_tensor, *inputs, output_shapes=shapes
        )
        return DatasetV1Adapter(variant, spec, [self])

    def _calling(
        self,
        op_type: str,
        function: Function,
        *settings: Any,
        spec: Any = None,
        **attrs: Any,
    ) -> Any:
        """The dataset of an operation that calls a function."""
        made = self._next(op_type, function.captured, *settings, spec=spec, **attrs)
        made._called = [function]
        return made

    def map(self, map_func: Any, num_parallel_calls: Any = None) -> Dataset:
        """What a function gives for each element.

        Raises:
            TypeError: it gives something that is no tensor.
        """
        function = functions.traced(map_func, "Dataset.map()", self.element_spec)
        settings = (
            ()
            if num_parallel_calls is None
            else (int32(num_parallel_calls, "num_parallel_calls"),)
        )
        made: Dataset = self._calling(
            "ParallelMapDataset" if settings else "MapDataset",
            function,
            *settings,
            spec=function.output_spec,
            f=function,
            use_inter_op_parallelism=True,
            preserve_cardinality=False,
        )
        return made

    @deprecated(
        "DatasetV1.map_with_legacy_function", _MODULE, "Use `tf.data.Dataset.map()"
    )
    def map_with_legacy_function(
        self, map_func: Any, num_parallel_calls: Any = None
    ) -> Dataset:
        """As `map`; TF 1.15: deprecated."""
        return self.map(map_func, num_parallel_calls)

    def flat_map(self, map_func: Any) -> Dataset:
        """The elements of the datasets that a function gives, one after the other."""
        function = _giving_datasets(map_func, "Dataset.flat_map()", self)
        made: Dataset = self._calling(
            "FlatMapDataset",
            function,
            spec=function.output_spec.element_spec,
            f=function,
        )
        return made

    def interleave(
        self,
        map_func: Any,
        cycle_length: Any = AUTOTUNE,
        block_length: Any = 1,
        num_parallel_calls: Any = None,
    ) -> Dataset:
        """The elements of the datasets that a function gives, in turn.

        Args:
            map_func: gives a dataset for each element.
            cycle_length: of how many datasets at a time.
            block_length: how many elements of one before the next has its turn.
            num_parallel_calls: how many of them TensorFlow makes at a time.
        """
        function = _giving_datasets(map_func, "Dataset.interleave()", self)
        settings = [
            int64(cycle_length, "cycle_length"),
            int64(block_length, "block_length"),
        ]
        op_type = "InterleaveDataset"
        if num_parallel_calls is not None:
            op_type = "ParallelInterleaveDatasetV2"
            settings.append(int64(num_parallel_calls, "num_parallel_calls"))
        made: Dataset = self._calling(
            op_type,
            function,
            *settings,
            spec=function.output_spec.element_spec,
            f=function,
        )
        return made

    def filter(self, predicate: Any) -> Dataset:
        """The elements for which a function gives True.

        Raises:
            ValueError: it gives something else than a truth value.
        """
        function = functions.traced(predicate, "Dataset.filter()", self.element_spec)
        wanted = structure.TensorSpec([], dtypes.bool_)
        spec = function.output_spec
        if not isinstance(spec, structure.TensorSpec) or not spec.is_compatible_with(
            wanted
        ):
            raise ValueError(
                "`predicate` return type must be convertible to a scalar boolean "
                f"tensor. Was {spec}."
            )
        made: Dataset = self._calling("FilterDataset", function, predicate=function)
        return made

    @deprecated(
        "DatasetV1.filter_with_legacy_function", _MODULE,
        "Use `tf.data.Dataset.filter()",
    )  # fmt: skip
    def filter_with_legacy_function(self, predicate: Any) -> Dataset:
        """As `filter`; TF 1.15: deprecated."""
        return self.filter(predicate)

    def apply(self, transformation_func: Any) -> Dataset:
        """What a function makes of the dataset."""
        dataset = transformation_func(self)
        if not isinstance(dataset, Dataset):
            raise TypeError(
                f"`transformation_func` must return a Dataset. Got {dataset}."
            )
        return dataset

    def window(
        self,
        size: Any,
        shift: Any = None,
        stride: Any = 1,
        drop_remainder: Any = False,
    ) -> Dataset:
        """Datasets of neighbouring elements."""
        spec = structure.map_structure(structure.DatasetSpec, self.element_spec)
        made: Dataset = self._next(
            "WindowDataset",
            int64(size, "size"),
            int64(size if shift is None else shift, "shift"),
            int64(stride, "stride"),
            convert_to_tensor(
                drop_remainder, dtype=dtypes.bool_, name="drop_remainder"
            ),
            spec=spec,
        )
        return made

    def reduce(self, initial_state: Any, reduce_func: Any) -> Any:
        """One value of all elements: a function of what was and the next element.

        Raises:
            TypeError: the function changes the type of the state.
        """
        with name_scope("initial_state"):
            state = structure.normalized(initial_state)
        spec = structure.spec_of(state)
        function = functions.traced(reduce_func, "reduce()", (spec, self.element_spec))
        wanted, given = (
            structure.legacy_types(part) for part in (spec, function.output_spec)
        )
        if wanted != given:
            raise TypeError(
                "The element types for the new state must match the initial state. "
                f"Expected {wanted}; got {given}."
            )
        results = apply(
            "ReduceDataset",
            self._variant_tensor,
            structure.tensors_of(state),
            function.captured,
            f=function,
            **structure.attributes(spec),
        )
        return structure.pack(spec, results)

    def unbatch(self) -> Dataset:
        """The rows of elements, one by one.

        Raises:
            ValueError: a part is a scalar.
        """
        specs = structure.flatten(self.element_spec)
        if any(leaf.shape.ndims == 0 for leaf in specs):
            raise ValueError("Cannot unbatch an input with scalar components.")

        def normalize(first: Any, *rest: Any) -> Any:
            return (first, *rest) if rest else first

        rows = self.map(normalize)
        spec = structure.map_structure(lambda leaf: leaf.unbatched(), self.element_spec)
        made: Dataset = rows._next("UnbatchDataset", spec=spec)
        return made

    def with_options(self, options: Options) -> Dataset:
        """The same elements, with options."""
        return DatasetV1Adapter(
            self._variant_tensor,
            self.element_spec,
            [self],
            options=self.options().merge(options),
        )

    # -- going through it --------------------------------------------------------------

    def __iter__(self) -> Iterator[Any]:
        if not defaults.state.eager:
            raise RuntimeError(
                "__iter__() is only supported inside of tf.function or when eager "
                "execution is enabled."
            )
        from .iterator import EagerIterator  # noqa: PLC0415 - built on this module

        return EagerIterator(self)

    @deprecated(
        "DatasetV1.make_one_shot_iterator", _MODULE, _ITERATE.format("one_shot")
    )
    def make_one_shot_iterator(self) -> Any:
        """An iterator that begins by itself."""
        from . import iterator  # noqa: PLC0415 - built on this module

        return iterator.make_one_shot_iterator(self)

    @deprecated(
        "DatasetV1.make_initializable_iterator",
        _MODULE,
        _ITERATE.format("initializable"),
    )
    def make_initializable_iterator(self, shared_name: str | None = None) -> Any:
        """An iterator with an operation that lets it begin."""
        from . import iterator  # noqa: PLC0415 - built on this module

        return iterator.make_initializable_iterator(self, shared_name)

    def operations(self) -> set[Operation]:
        """Those that make it and the datasets it is made of."""
        found = {self._variant_tensor.op}
        for taken in self._inputs:
            found |= taken.operations()
        return found


class DatasetV1Adapter(Dataset):
    """What transformations give; TF 1.15 calls it so."""


class VariantDataset(Dataset):
    """A dataset that is an element of another one."""


def _giving_datasets(function: Any, transformation: str, dataset: Dataset) -> Function:
    """A function's graph.

    Raises:
        TypeError: it does not give a dataset.
    """
    made = functions.traced(function, transformation, dataset.element_spec)
    if not isinstance(made.output_spec, structure.DatasetSpec):
        raise TypeError(
            f"`map_func` must return a `Dataset` object. Got {type(made.output_spec)}"
        )
    return made


def get_output_types(dataset_or_iterator: Any) -> Any:
    """The types of the elements' parts."""
    return structure.legacy_types(get_structure(dataset_or_iterator))


def get_output_shapes(dataset_or_iterator: Any) -> Any:
    """The static shapes of the elements' parts."""
    return structure.legacy_shapes(get_structure(dataset_or_iterator))


def get_output_classes(dataset_or_iterator: Any) -> Any:
    """The classes of the elements' parts."""
    return structure.legacy_classes(get_structure(dataset_or_iterator))


def get_structure(dataset_or_iterator: Any) -> Any:
    """The structure of the elements.

    Raises:
        TypeError: it is neither a dataset nor an iterator.
    """
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError(
            "`dataset_or_iterator` must be a Dataset or Iterator object, but got "
            f"{type(dataset_or_iterator)}."
        ) from None
