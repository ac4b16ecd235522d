"""Training a model of keras: `compile`, `fit`, `evaluate`, `predict` and their kin.

After compiling and fitting; a part of `tf.keras.Model`. It is there in graphs only.
"""

from __future__ import annotations

import inspect
from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.data.dataset import Dataset
from scopetutor.engine.op_errors import OutOfRangeError
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.surroundings import name_scope

from . import assignments, feeding
from .backend_function import GraphExecutionFunction
from .compiling import Compiled
from .fitting import Arrays, Loop, Source, Stream
from .learning_phase import learning_phase
from .names import unique_object_name
from .progress_bar import say

_BATCH = 32


class Trained:
    """What a model can do once it is compiled.

    Attributes:
        history: of the last training, or None.
        stop_training: whether a callback wants it to end.
    """

    inputs: Any
    outputs: Any
    built: bool
    name: str
    history: Any = None
    stop_training = False
    _compiled: Any = None
    _compile_arguments: Any = None
    _predict_step: Any = None

    # -- compiling ---------------------------------------------------------------------

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Any = None,
        sample_weight_mode: Any = None,
        weighted_metrics: Any = None,
        target_tensors: Any = None,
        distribute: Any = None,
        **kwargs: Any,
    ) -> None:
        """Says how it is trained.

        Args:
            optimizer: a name, an optimizer of keras, or one of `tf.train`.
            loss: a name, a function or a Loss; of several outputs a list or dictionary.
            metrics: names, functions or Metrics; of several outputs lists of them.
            loss_weights: how much the loss of each output counts.
            sample_weight_mode: None; examples are weighed as a whole.
            weighted_metrics: metrics that look at the examples' weights.
            target_tensors: not supported.
            distribute: not supported.
            kwargs: not supported.

        Raises:
            ValueError: something does not fit to the outputs.
            NotImplementedError: in eager mode, or for what is not supported.
        """
        if defaults.state.eager:
            raise NotImplementedError(
                "scopetutor trains models of keras in graphs only; in eager mode, use "
                "tf.GradientTape."
            )
        for word, given in {
            "sample_weight_mode": sample_weight_mode,
            "target_tensors": target_tensors,
            "distribute": distribute,
            **kwargs,
        }.items():
            if given:
                raise NotImplementedError(
                    f"scopetutor's Model.compile does not take `{word}`."
                )
        self._compile_arguments = (
            optimizer,
            loss,
            metrics,
            loss_weights,
            weighted_metrics,
        )
        self._compiled = None
        if self.built and self.inputs and self.outputs:
            self._compile_now()

    def _compile_now(self) -> None:
        self._compiled = Compiled(self, *self._compile_arguments)

    def _ready(self, x: Any = None) -> Compiled:
        """What it was compiled to; the first data may say its shapes."""
        if self._compile_arguments is None:
            raise RuntimeError(
                "You must compile your model before training/testing. Use "
                "`model.compile(optimizer, loss)`."
            )
        if self._compiled is None:
            self._build_for(x)
            self._compile_now()
        found: Compiled = self._compiled
        return found

    def _build_for(self, x: Any) -> None:
        """Calls it on a placeholder that fits to some data."""
        if self.inputs and self.outputs:
            return
        arrays = [x] if hasattr(x, "shape") else list(x)
        made = [
            placeholder(
                "float32",
                shape=(None, *array.shape[1:]),
                name=unique_object_name("input"),
            )
            for array in arrays
        ]
        # TF 1.15: it is called for both phases.
        phase = {"training": learning_phase()} if _knows_phases(self) else {}
        self(made[0] if len(made) == 1 else made, **phase)  # type: ignore[operator]
        self.input_names = [f"input_{i + 1}" for i in range(len(made))]
        count = len(self.outputs)
        self.output_names = [f"output_{i + 1}" for i in range(count)]

    @property
    def optimizer(self) -> Any:
        """What trains it."""
        return self._ready().optimizer

    @property
    def metrics_names(self) -> list[str]:
        """The names of the loss and of the metrics."""
        return self._ready().names

    @property
    def metrics(self) -> list[Any]:
        """Its metrics."""
        return self._compiled.metrics if self._compiled else []

    @property
    def total_loss(self) -> Any:
        """The loss of all outputs."""
        return self._ready().total_loss

    def reset_metrics(self) -> None:
        """Begins to gather metrics again."""
        self._ready().reset_metrics()

    # -- data --------------------------------------------------------------------------

    def _inputs_of(self, x: Any) -> list[Any]:
        shapes = [tuple(one.shape.as_list()) for one in self.inputs]
        return feeding.standardized(x, self.input_names, shapes, "input")

    def _examples(
        self,
        x: Any,
        y: Any,
        sample_weight: Any = None,
        class_weight: Any = None,
        trains: bool = False,
    ) -> tuple[list[Any], list[Any]]:
        """Arrays of inputs, and of targets and weights."""
        compiled = self._ready(x)
        inputs = self._inputs_of(x)
        outputs = compiled.trained_outputs
        names = [one.name for one in outputs]
        targets = feeding.standardized(y, names, [None] * len(names), "target")
        feeding.check_lengths(inputs, targets)
        feeding.check_targets(targets, outputs)
        weights = feeding.weights(targets, sample_weight, class_weight)
        if trains:
            learning_phase()
        if weights is not None:
            compiled.weigh_samples("train" if trains else "test")
        return inputs, [*targets, *(weights or [])]

    def _source(
        self, x: Any, y: Any, batch_size: Any, steps: Any, given: tuple[Any, ...] = ()
    ) -> Source:
        """Where the batches of a training or an evaluation come from."""
        if isinstance(x, Dataset):
            if steps is None:
                raise ValueError(
                    "When using iterators as input to a model, you should specify the "
                    "`steps` argument."
                )
            return Stream(self._from_dataset(x), steps)
        inputs, others = self._examples(x, y, *given)
        return Arrays([*inputs, *others], batch_size or _BATCH)

    def _from_dataset(self, dataset: Any) -> Any:
        """A function that gives the next batch of a dataset."""
        iterator = dataset.make_initializable_iterator()
        following = iterator.get_next()
        session = assignments.session()
        session.run(iterator.initializer)

        def batch() -> list[Any]:
            try:
                x, y = session.run(following)
            except OutOfRangeError:
                raise StopIteration from None
            inputs, others = self._examples(x, y)
            return [*inputs, *others]

        return batch

    # -- whole courses -----------------------------------------------------------------

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        epochs: int = 1,
        verbose: int = 1,
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: Any = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: Any = None,
        validation_steps: Any = None,
        validation_freq: int = 1,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Trains it.

        Args:
            x: arrays of inputs, or a Dataset of batches.
            y: arrays of targets.
            batch_size: how many examples are in a batch; None: 32.
            epochs: up to which epoch.
            verbose: 0: nothing is printed; 1: a bar; 2: a line for each epoch.
            callbacks: what is told of the course.
            validation_split: the share of the last examples that are only evaluated.
            validation_data: (x, y) that are evaluated after each epoch.
            shuffle: whether examples are shuffled; "batch": only batches are.
            class_weight: how much the examples of each class count.
            sample_weight: how much each example counts.
            initial_epoch: where it goes on.
            steps_per_epoch: how many batches of a Dataset an epoch has.
            validation_steps: how many batches of a Dataset are evaluated.
            validation_freq: kept for TensorFlow's sake.
            max_queue_size: of generators; not looked at.
            workers: not looked at.
            use_multiprocessing: not looked at.
            kwargs: `nb_epoch` is the old name of epochs.

        Returns:
            A History.
        """
        epochs = kwargs.pop("nb_epoch", epochs)
        compiled = self._ready(x)
        if hasattr(x, "__next__"):
            return self.fit_generator(
                x,
                steps_per_epoch,
                epochs,
                verbose,
                callbacks,
                validation_data,
                validation_steps,
                initial_epoch=initial_epoch,
            )
        validation: Source | None = None
        extra = (sample_weight, class_weight, True)
        source = self._source(x, y, batch_size, steps_per_epoch, extra)
        if validation_data is not None:
            validation = self._validation(validation_data, batch_size, validation_steps)
        elif 0.0 < validation_split < 1.0:
            source, validation = _split(source, validation_split)
        return self._train(
            compiled, source, validation, epochs, initial_epoch, shuffle, verbose,
            callbacks, batch_size or (None if source.steps else _BATCH),
        )  # fmt: skip

    def _validation(self, data: Any, batch_size: Any, steps: Any) -> Source:
        if isinstance(data, Dataset):
            return self._source(data, None, None, steps)
        if len(data) not in (2, 3):
            raise ValueError(
                "When passing a `validation_data` argument, it must contain either 2 "
                "items (x_val, y_val), or 3 items (x_val, y_val, val_sample_weights), "
                "or alternatively it could be a dataset or a dataset or a dataset "
                f"iterator. However we received `validation_data={data}`"
            )
        x, y, *weights = data
        return self._source(x, y, batch_size, None, tuple(weights))

    def _train(
        self,
        compiled: Compiled,
        source: Source,
        validation: Source | None,
        epochs: int,
        first: int,
        shuffle: Any,
        verbose: int,
        callbacks: Any,
        batch_size: Any,
    ) -> Any:
        step = compiled.train_step()

        def train(batch: list[Any]) -> list[Any]:
            found: list[Any] = step([*batch, True])
            return found

        if verbose:
            said = f"Train on {source.count} {source.unit}s"
            if validation is not None:
                said += f", validate on {validation.count} {validation.unit}s"
            say(said)
        loop = Loop(self, "train", train, source, callbacks, verbose)
        validate = None
        if validation is not None:
            evaluated = validation

            def validate(told: Any) -> list[Any]:
                test = compiled.test_step()
                return Loop(self, "test", test, evaluated, told, 0).test()

        return loop.train(epochs, first, shuffle, batch_size, validate)

    def fit_generator(
        self,
        generator: Any,
        steps_per_epoch: Any = None,
        epochs: int = 1,
        verbose: int = 1,
        callbacks: Any = None,
        validation_data: Any = None,
        validation_steps: Any = None,
        validation_freq: int = 1,
        class_weight: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        shuffle: bool = True,
        initial_epoch: int = 0,
    ) -> Any:
        """Trains it with the batches that a generator gives.

        Args:
            generator: gives (x, y) or (x, y, weights).
            steps_per_epoch: how many batches an epoch has.
            epochs: up to which epoch.
            verbose: as for fit.
            callbacks: as for fit.
            validation_data: (x, y), or a generator of them.
            validation_steps: how many of the generator's batches.
            validation_freq: kept for TensorFlow's sake.
            class_weight: how much the examples of each class count.
            max_queue_size: not looked at.
            workers: not looked at.
            use_multiprocessing: not looked at.
            shuffle: kept for TensorFlow's sake.
            initial_epoch: where it goes on.

        Returns:
            A History.
        """
        source = self._generated(generator, steps_per_epoch, class_weight, True)
        validation: Source | None = None
        if hasattr(validation_data, "__next__"):
            validation = self._generated(validation_data, validation_steps)
        elif validation_data is not None:
            validation = self._validation(validation_data, None, None)
        compiled = self._ready()

        def train(batch: list[Any]) -> list[Any]:
            # TF 1.15: the operations are made when the first batch has come.
            found: list[Any] = compiled.train_step()([*batch, True])
            return found

        loop = Loop(self, "train", train, source, callbacks, verbose)
        validate = None
        if validation is not None:
            evaluated = validation

            def validate(told: Any) -> list[Any]:
                test = compiled.test_step()
                return Loop(self, "test", test, evaluated, told, 0).test()

        return loop.train(epochs, initial_epoch, False, None, validate)

    def _generated(
        self, generator: Any, steps: Any, class_weight: Any = None, trains: bool = False
    ) -> Stream:
        """The batches of a generator."""
        if steps is None:
            raise ValueError(
                "When using a generator, you should specify the number of its steps."
            )
        first = [next(generator)] if self._compiled is None else []
        if first:
            self._ready(first[0][0])

        def following() -> list[Any]:
            x, y, *weights = first.pop() if first else next(generator)
            given = weights[0] if weights else None
            inputs, others = self._examples(x, y, given, class_weight, trains)
            return [*inputs, *others]

        return Stream(following, steps)

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: Any = None,
        verbose: int = 1,
        sample_weight: Any = None,
        steps: Any = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> Any:
        """The loss over some examples, and the metrics if there are some.

        Args:
            x: arrays of inputs, or a Dataset of batches.
            y: arrays of targets.
            batch_size: how many examples are in a batch; None: 32.
            verbose: whether a bar is printed.
            sample_weight: how much each example counts.
            steps: how many batches of a Dataset.
            callbacks: what is told of the course.
            max_queue_size: not looked at.
            workers: not looked at.
            use_multiprocessing: not looked at.
        """
        compiled = self._ready(x)
        if hasattr(x, "__next__"):
            source: Source = self._generated(x, steps)
        else:
            source = self._source(x, y, batch_size, steps, (sample_weight,))
        step = compiled.test_step()
        return _single(Loop(self, "test", step, source, callbacks, verbose).test())

    def evaluate_generator(
        self,
        generator: Any,
        steps: Any = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: int = 0,
    ) -> Any:
        """As evaluate, for the batches that a generator gives."""
        return self.evaluate(
            generator, verbose=verbose, steps=steps, callbacks=callbacks
        )

    def predict(
        self,
        x: Any,
        batch_size: Any = None,
        verbose: int = 0,
        steps: Any = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
    ) -> Any:
        """What it makes of some inputs.

        Args:
            x: arrays of inputs.
            batch_size: how many examples are in a batch; None: 32.
            verbose: whether a bar is printed.
            steps: how many batches of a generator.
            callbacks: what is told of the course.
            max_queue_size: not looked at.
            workers: not looked at.
            use_multiprocessing: not looked at.

        Returns:
            An array, or a list of them if there are several outputs.
        """
        if hasattr(x, "__next__"):
            source: Source = Stream(lambda: self._inputs_of(next(x)), steps)
        else:
            self._build_for(x)
            source = Arrays(self._inputs_of(x), batch_size or _BATCH)
        step = self._predicting()
        return _single(
            Loop(self, "predict", step, source, callbacks, verbose).predict()
        )

    def predict_generator(
        self,
        generator: Any,
        steps: Any = None,
        callbacks: Any = None,
        max_queue_size: int = 10,
        workers: int = 1,
        use_multiprocessing: bool = False,
        verbose: int = 0,
    ) -> Any:
        """As predict, for the batches that a generator gives."""
        return self.predict(
            generator, verbose=verbose, steps=steps, callbacks=callbacks
        )

    def _predicting(self) -> GraphExecutionFunction:
        if self._predict_step is None:
            with name_scope("predict"):
                self._predict_step = GraphExecutionFunction(self.inputs, self.outputs)
        found: GraphExecutionFunction = self._predict_step
        return found

    # -- single batches ----------------------------------------------------------------

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Any = None,
        reset_metrics: bool = True,
    ) -> Any:
        """Trains it with one batch; the loss, and the metrics if there are some."""
        inputs, others = self._examples(x, y, sample_weight, class_weight, True)
        step = self._ready().train_step()
        found = step([*inputs, *others, True])
        if reset_metrics:
            self.reset_metrics()
        return _single(found)

    def test_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        reset_metrics: bool = True,
    ) -> Any:
        """The loss of one batch, and the metrics if there are some."""
        inputs, others = self._examples(x, y, sample_weight)
        found = self._ready().test_step()([*inputs, *others])
        if reset_metrics:
            self.reset_metrics()
        return _single(found)

    def predict_on_batch(self, x: Any) -> Any:
        """What it makes of one batch."""
        self._build_for(x)
        return _single(self._predicting()(self._inputs_of(x)))


def _knows_phases(model: Any) -> bool:
    return "training" in inspect.signature(model.call).parameters


def _single(found: list[Any]) -> Any:
    return found[0] if len(found) == 1 else found


def _split(source: Source, share: float) -> tuple[Source, Source]:
    """The first examples, and the last ones."""
    if not isinstance(source, Arrays):
        raise ValueError(
            "`validation_split` argument is not supported when input `x` is a dataset "
            f"or a dataset iterator. Received: validation_split={share:f}"
        )
    return source.split(share)
