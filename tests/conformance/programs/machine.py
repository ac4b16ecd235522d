"""tf.config, tf.version and other names that say something of the process."""

import os

from said import own_folder, tries


def devices(tf):
    e = tf.config.experimental
    cpu = e.list_physical_devices("CPU")[0]
    return {
        "physical": str(e.list_physical_devices()),
        "gpus": e.list_physical_devices("GPU"),
        "visible": str(e.get_visible_devices()),
        "logical": str(e.list_logical_devices()),
        "names": tf.config.experimental_list_devices(),
        "configured": e.get_virtual_device_configuration(cpu),
        "limit": str(e.VirtualDeviceConfiguration(5)),
        "none": str(e.VirtualDeviceConfiguration()),
        "kept": [e.set_visible_devices([], "GPU"), e.set_visible_devices(cpu)],
        "refused": tries(
            lambda: e.get_memory_growth(cpu),
            lambda: e.set_memory_growth(cpu, True),
            lambda: e.get_memory_growth("x"),
            lambda: e.set_visible_devices(["x"]),
            lambda: e.set_visible_devices([]),
            lambda: e.set_virtual_device_configuration(
                cpu, [e.VirtualDeviceConfiguration()]
            ),
            lambda: tf.config.threading.set_inter_op_parallelism_threads(7),
            lambda: tf.config.threading.set_intra_op_parallelism_threads(7),
        ),
    }


def settings(tf):
    e, o, c = tf.config.experimental, tf.config.optimizer, tf.config
    told = [
        e.get_device_policy(),
        e.get_synchronous_execution(),
        c.get_soft_device_placement(),
        o.get_jit(),
        tf.debugging.get_log_device_placement(),
        c.threading.get_inter_op_parallelism_threads(),
        c.threading.get_intra_op_parallelism_threads(),
    ]
    e.set_device_policy("warn")
    e.set_synchronous_execution(False)
    c.set_soft_device_placement(True)
    o.set_jit(True)
    told += [
        e.get_device_policy(),
        e.get_synchronous_execution(),
        c.get_soft_device_placement(),
        o.get_jit(),
    ]
    o.set_experimental_options({"constant_folding": True, "debug_stripper": False})
    e.set_device_policy(None)
    e.set_synchronous_execution(True)
    c.set_soft_device_placement(False)
    o.set_jit(False)
    c.experimental_run_functions_eagerly(False)
    return {
        "told": told,
        "options": o.get_experimental_options(),
        "refused": tries(lambda: e.set_device_policy("x")),
    }


def versions(tf):
    v = tf.version
    return {
        "all": [
            v.VERSION,
            v.GIT_VERSION,
            v.COMPILER_VERSION,
            v.GRAPH_DEF_VERSION,
            v.GRAPH_DEF_VERSION_MIN_CONSUMER,
            v.GRAPH_DEF_VERSION_MIN_PRODUCER,
            tf.CXX11_ABI_FLAG,
            tf.MONOLITHIC_BUILD,
        ],
        "again": [
            tf.GIT_VERSION,
            tf.COMPILER_VERSION,
            tf.GRAPH_DEF_VERSION,
            tf.GRAPH_DEF_VERSION_MIN_CONSUMER,
            tf.GRAPH_DEF_VERSION_MIN_PRODUCER,
        ],
        "flags": [
            flag[:2]
            for flag in tf.sysconfig.get_compile_flags() + tf.sysconfig.get_link_flags()
        ],
        "include": os.path.basename(tf.sysconfig.get_include()),
    }


def facts(tf):
    return {
        "fact": tf.user_ops.my_fact(),
        "tables": tf.initialize_all_tables(),
        "kept": tf.guarantee_const([1.0, 2.0], name="kept"),
        "late": tf.timestamp(name="now") > 1e9,
        "ahead": tf.resource_loader.readahead_file_path("x"),
        "array": tf.make_ndarray(tf.make_tensor_proto([1, 2])),
    }


def folders(tf):
    g = tf.io.gfile
    with own_folder():
        g.makedirs("a/b")
        g.mkdir("a/c")
        with g.GFile("a/one.txt", "w") as file:
            file.write("hello")
        g.copy("a/one.txt", "a/b/two.txt")
        g.rename("a/one.txt", "a/three.txt")
        return {
            "there": [
                g.exists("a/one.txt"),
                g.exists("a/three.txt"),
                g.isdir("a"),
                g.isdir("a/three.txt"),
            ],
            "names": sorted(g.listdir("a")),
            "glob": g.glob("a/*.txt"),
            "size": g.stat("a/three.txt").length,
            "walk": [(p, sorted(d), f) for p, d, f in g.walk("a")],
            "up": [p for p, _, _ in g.walk("a", topdown=False)][-1],
            "nothing": list(g.walk("z")),
            "gone": [g.remove("a/three.txt"), g.rmtree("a"), g.exists("a")],
            "refused": tries(
                lambda: g.listdir("z"), lambda: g.remove("z"), lambda: g.rmtree("z")
            ),
        }
