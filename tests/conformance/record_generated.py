"""Records what TensorFlow 1.15.5 does in generated programs.

    python3.7 record_generated.py FIRST COUNT OUT.jsonl.xz

Run it under Python 3.7 with TensorFlow 1.15.5; the tests never do.  A line of the file is
{"seed", "source", "lines"}.  Programs that crash TensorFlow itself are left out.
"""

import argparse
import json
import lzma
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

from generator import program  # noqa: E402
from replay import LOST, transcripts  # noqa: E402


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("first", type=int)
    arguments.add_argument("count", type=int)
    arguments.add_argument("out")
    given = arguments.parse_args()
    import tensorflow as tf

    assert tf.__version__ == "1.15.5", tf.__version__
    tf.get_logger().setLevel("FATAL")
    seeds = range(given.first, given.first + given.count)
    sources = [program(seed) for seed in seeds]
    with lzma.open(given.out, "wt") as out:
        for seed, source, lines in zip(
            seeds, sources, transcripts(tf, sources, times=2)
        ):
            if lines != LOST:
                record = {"seed": seed, "source": source, "lines": lines}
                out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    sys.exit(main())
