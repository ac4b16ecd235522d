"""Record what the lines of ``eager_lines.py`` say under TensorFlow 1.15.5.

    python3.7 tests/conformance/record_eager.py

Run it under Python 3.7 with TensorFlow 1.15.5; the tests never do.
"""

import gzip
import json
import os

import eager_lines

HERE = os.path.dirname(os.path.abspath(__file__))
data = json.dumps(eager_lines.main("tensorflow"), indent=0).encode()
with open(os.path.join(HERE, "golden", "eager_lines.json.gz"), "wb") as file:
    packed = gzip.compress(data, 9)
    file.write(packed[:4] + b"\0\0\0\0" + packed[8:])  # without the time
