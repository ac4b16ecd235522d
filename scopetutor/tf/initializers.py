"""`tf.initializers`: the initializers in small letters, and what runs them.

From ``engine/initializers.py``; `tf.zeros_initializer` at the top of `tf` is `zeros`
here. In TF 1.15 `global_variables` and its kin are here too: operations that
initialize.
"""

# ruff: noqa: F401

from scopetutor.engine.initializers import (
    Constant as constant,
)
from scopetutor.engine.initializers import (
    GlorotNormal as glorot_normal,
)
from scopetutor.engine.initializers import (
    GlorotUniform as glorot_uniform,
)
from scopetutor.engine.initializers import (
    Identity as identity,
)
from scopetutor.engine.initializers import (
    Ones as ones,
)
from scopetutor.engine.initializers import (
    Orthogonal as orthogonal,
)
from scopetutor.engine.initializers import (
    RandomNormal as random_normal,
)
from scopetutor.engine.initializers import (
    RandomUniform as random_uniform,
)
from scopetutor.engine.initializers import (
    TruncatedNormal as truncated_normal,
)
from scopetutor.engine.initializers import (
    UniformUnitScaling as uniform_unit_scaling,
)
from scopetutor.engine.initializers import (
    VarianceScaling as variance_scaling,
)
from scopetutor.engine.initializers import (
    Zeros as zeros,
)
from scopetutor.engine.initializers import (
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)
from scopetutor.engine.resources import tables_initializer
from scopetutor.engine.variable_lists import (
    global_variables_initializer as global_variables,
)
from scopetutor.engine.variable_lists import (
    local_variables_initializer as local_variables,
)
from scopetutor.engine.variable_lists import variables_initializer as variables
