"""Gradients of convolutions, computed in several ways, are what the definition says."""

import numpy as np

from scopetutor.engine.ops import windows

TRIES = 150


def _of_each_window(sizes, pads, filters, grad, strides, dilations):
    """Each gradient goes back to what its window lay on, window by window."""
    whole = [size + sum(pad) for size, pad in zip(sizes, pads, strict=True)]
    result = np.zeros((len(grad), *whole, filters.shape[-2]))
    for batch, *at in np.ndindex(*grad.shape[:-1]):
        for place in np.ndindex(*filters.shape[:2]):
            where = np.multiply(at, strides) + np.multiply(place, dilations)
            result[batch, *where] += filters[place] @ grad[batch, *at]
    return windows.without_pads(result, pads)


def test_gradients_of_images_for_any_geometry():
    """Few channels and many, borders wider than windows, steps and gaps."""
    random = np.random.default_rng(0)
    ways = set()
    for _ in range(TRIES):
        sizes, window = random.integers(1, 7, 2), random.integers(1, 4, 2)
        pads = [tuple(pad) for pad in random.integers(0, 4, (2, 2)).tolist()]
        strides = tuple(random.choice([(1, 1), (1, 1), (2, 1), (2, 2)]))
        dilations = tuple(random.integers(1, 3, 2))
        space = (sizes + np.sum(pads, 1) - (window - 1) * dilations - 1) // strides + 1
        if min(space) < 1:
            continue
        channels = int(random.choice([2, windows._MANY_CHANNELS]))
        filters = random.normal(size=(*window, channels, 3))
        grad = random.normal(size=(2, *space, 3))
        given = sizes, pads, filters, grad, strides, dilations
        ways.add((channels > 2, strides == (1, 1)))

        np.testing.assert_allclose(
            windows.correlate_input_gradient(*given), _of_each_window(*given), 1e-9
        )
    assert len(ways) == 4
