"""`tf.initializers`."""

# ruff: noqa: F401

from ..engine.initializers import (
    Constant as constant,
)
from ..engine.initializers import (
    GlorotNormal as glorot_normal,
)
from ..engine.initializers import (
    GlorotUniform as glorot_uniform,
)
from ..engine.initializers import (
    Identity as identity,
)
from ..engine.initializers import (
    Ones as ones,
)
from ..engine.initializers import (
    Orthogonal as orthogonal,
)
from ..engine.initializers import (
    RandomNormal as random_normal,
)
from ..engine.initializers import (
    RandomUniform as random_uniform,
)
from ..engine.initializers import (
    TruncatedNormal as truncated_normal,
)
from ..engine.initializers import (
    UniformUnitScaling as uniform_unit_scaling,
)
from ..engine.initializers import (
    VarianceScaling as variance_scaling,
)
from ..engine.initializers import (
    Zeros as zeros,
)
from ..engine.initializers import (
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)
from ..engine.variables import (
    global_variables_initializer as global_variables,
)
from ..engine.variables import (
    local_variables_initializer as local_variables,
)
from ..engine.variables import (
    variables_initializer as variables,
)
