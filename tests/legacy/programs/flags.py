"""Trains a model.

Second paragraph.
"""
# args:
# args: --steps 5 --lr=0.1 --notrain --verbose --names=a,b --m=1 --m=2 rest
# args: --nosuch=3
# args: --steps=abc
# args: --steps=0
# args: --mode=c
# args: --train=maybe
# args: --help
# args: -z q
# args: --verbose=false -- --steps=4 x
# args: --steps
# args: pos --lr 3
import tensorflow as tf
flags = tf.app.flags
flags.DEFINE_string("data_dir", "/tmp/data", "Where the data is. A very long help text that has to be wrapped at some column because it is so long.")
flags.DEFINE_integer("steps", 100, "Steps.", lower_bound=1)
flags.DEFINE_float("lr", 0.5, "Rate.")
flags.DEFINE_boolean("train", True, "Train?")
flags.DEFINE_bool("verbose", False, "Talk.")
flags.DEFINE_enum("mode", "a", ["a", "b"], "Mode.")
flags.DEFINE_list("names", "x,y", "Names.")
flags.DEFINE_multi_string("m", None, "Many")
flags.DEFINE_multi_integer("n", [1], "Many")
flags.DEFINE_string("none", None, "None.", short_name="z")
FLAGS = flags.FLAGS
def main(argv):
    print(argv)
    for k in ["data_dir","steps","lr","train","verbose","mode","names","m","n","none"]:
        print(k, repr(getattr(FLAGS,k)))
    print(FLAGS.flag_values_dict().get("steps"), FLAGS["steps"].value, "steps" in FLAGS, len([k for k in FLAGS if k in("lr",)]))
    FLAGS.steps = 7
    print(FLAGS.steps, "--steps=7" in FLAGS.flags_into_string())
if __name__ == "__main__":
    try:
        tf.app.run()
    except Exception as error:
        print(type(error).__name__, error)
