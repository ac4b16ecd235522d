"""Record what the programs of ``programs/_eager_functions.py`` do under TensorFlow 1.15.5.

    python3.7 tests/conformance/record_eager_functions.py

Run it under Python 3.7 with TensorFlow 1.15.5; the tests never do.
"""

import gzip
import json
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "programs"))

import _eager_functions as functions  # noqa: E402
import tensorflow as tf  # noqa: E402

assert tf.__version__ == "1.15.5"
tf.get_logger().setLevel("ERROR")
tf.enable_eager_execution()
found = {
    name: functions.plain(program(tf)) for name, program in functions.programs().items()
}
data = json.dumps(found, sort_keys=True, indent=0).encode()
with open(os.path.join(HERE, "golden", "eager_functions.json.gz"), "wb") as file:
    packed = gzip.compress(data, 9)
    file.write(packed[:4] + b"\0\0\0\0" + packed[8:])  # without the time
