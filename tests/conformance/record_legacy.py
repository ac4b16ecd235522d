"""Record what the scripts of ``legacy/`` make and print under TensorFlow 1.15.5.

    python3.7 tests/conformance/record_legacy.py                # all of them, anew
    python3.7 tests/conformance/record_legacy.py dcgan vae      # only these
    python3.7 tests/conformance/record_legacy.py --full DIR …   # operations as text, too

Run it under Python 3.7 with TensorFlow 1.15.5; the tests never do.  No result in the
golden file is typed in by hand.
"""

import gzip
import json
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import legacy_runs  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.get_logger().setLevel("ERROR")
assert tf.__version__ == "1.15.5"

arguments = sys.argv[1:]
folder = None
if arguments[:1] == ["--full"]:
    folder, arguments = arguments[1], arguments[2:]
recorded = {}
if arguments and os.path.exists(legacy_runs.GOLDEN):
    with gzip.open(legacy_runs.GOLDEN) as file:
        recorded = json.loads(file.read().decode())

for name in arguments or legacy_runs.scripts():
    recorded[name], lines = legacy_runs.observe(tf, name)
    print("%s: %d operations" % (name, len(lines)))
    print("\n".join("    " + line for line in recorded[name]["printed"]))
    if folder:
        with open(os.path.join(folder, name + ".txt"), "w") as file:
            file.write("\n".join(lines))

text = json.dumps(recorded, sort_keys=True, indent=0, ensure_ascii=True)
data = gzip.compress(text.encode(), 9)
with open(legacy_runs.GOLDEN, "wb") as file:
    file.write(data[:4] + b"\0\0\0\0" + data[8:])  # without the time
