"""Record what the programs of ``programs/`` do under TensorFlow 1.15.5.

    python3.7 tests/conformance/record_programs.py            # every file of programs
    python3.7 tests/conformance/record_programs.py training   # one of them

Run it under Python 3.7 with TensorFlow 1.15.5; the tests never do.  Each file gets one
golden file of the same name.  No result in them is typed in by hand.
"""

import gzip
import json
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import observed  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.get_logger().setLevel("ERROR")
assert tf.__version__ == "1.15.5"


def record(area):
    found = {
        name: observed.observe(tf, program)
        for name, program in observed.programs(area).items()
    }
    text = json.dumps(found, sort_keys=True, indent=0, ensure_ascii=True)
    data = gzip.compress(text.encode(), 9)
    path = os.path.join(observed.GOLDEN, area + ".json.gz")
    with open(path, "wb") as file:
        file.write(data[:4] + b"\0\0\0\0" + data[8:])  # without the time
    print(
        "%s: %d programs, %d operations, %d bytes"
        % (
            area,
            len(found),
            sum(len(p["operations"]) for p in found.values()),
            len(data),
        )
    )


for wanted in sys.argv[1:] or observed.areas():
    record(wanted)
