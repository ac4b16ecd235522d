"""Statements that go for single rules of variables and scopes, for the generator.

A template is Python text with places to fill: `{v}`, `{t}`, `{s}`, `{sess}`, `{g}`, `{o}`
and `{tmpl}` are things made before, `{new_v}` and so on bind something new, and the rest
is drawn from the generator's tables. `tmp` is a folder of the program's own. Templates are in groups of one subject each.
"""

REUSE = r"""
with tf.variable_scope({scope}, reuse=True) as {new_s}:\n  {new_v} = tf.get_variable({name})
with tf.variable_scope({scope}, reuse=True):\n  with tf.variable_scope({scope}, reuse=False) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({scope}, reuse=tf.AUTO_REUSE):\n  with tf.variable_scope({scope}, reuse={reuse}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({s}, reuse={reuse}) as {new_s}:\n  with tf.variable_scope({s}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope(tf.get_variable_scope(), reuse={reuse}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})\n  {new_v} = tf.get_variable({name}, {shape}, dtype={dtype})
with tf.variable_scope({scope}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})\n  tf.get_variable_scope().reuse_variables()\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({scope}) as {new_s}:\n  with tf.variable_scope({scope}) as {new_s}:\n    {s}.reuse_variables()\n    {new_v} = tf.get_variable({name}, {shape})
{new_v} = tf.get_variable({name}, {shape}, dtype=tf.int32)\nwith tf.variable_scope('', reuse=True):\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope('', reuse=True):\n  {new_v} = tf.get_variable({v}.op.name, trainable=False, collections=['mine'], initializer=tf.ones_initializer(), regularizer=reg1)
with tf.variable_scope('', reuse={reuse}):\n  {new_v} = tf.get_variable({v}.op.name, {v}.shape, {v}.dtype.base_dtype)
with tf.variable_scope('', reuse=True):\n  {new_v} = tf.get_variable({v}.op.name, {shape}, {dtype})
with tf.variable_scope('', reuse=True):\n  {new_v} = tf.get_variable({v}.op.name, initializer={value})
with tf.variable_scope('', reuse=tf.AUTO_REUSE):\n  {new_v} = tf.get_variable({v}.op.name, [None], dtype={v}.dtype)
{s}.reuse = False
{s}._reuse = tf.AUTO_REUSE
repr(tf.AUTO_REUSE)
for i9 in [0, 1, 2]:\n  with tf.variable_scope({scope}, reuse=tf.AUTO_REUSE):\n    {new_v} = tf.get_variable({name}, {shape}, initializer={init})
"""

SCOPES = r"""
with tf.variable_scope({scope}, auxiliary_name_scope=False) as {new_s}:\n  {new_v} = tf.Variable({value}, name={name})\n  {new_v} = tf.get_variable({name}, {shape})\n  {new_t} = tf.constant(1.0)
with tf.variable_scope({s}, auxiliary_name_scope=False) as {new_s}:\n  with tf.name_scope({s}.original_name_scope) as {new_n}:\n    {new_t} = tf.constant(1.0, name={name})
with tf.name_scope({s}.original_name_scope):\n  with tf.variable_scope({s}) as {new_s}:\n    {new_t} = tf.constant(1.0, name={name})
with tf.name_scope({scope} + '/'):\n  {new_t} = tf.constant(1.0, name={name})
with tf.name_scope({scope} + '/'):\n  with tf.name_scope({scope}) as {new_n}:\n    {new_v} = tf.Variable({value}, name={name})
with tf.variable_scope({scope} + '/') as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})\n  {new_v} = tf.Variable(1.0, name={name})
with tf.variable_scope('') as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({scope}, default_name={scope}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope(None, {scope}) as {new_s}:\n  with tf.variable_scope(None, {scope}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})\n  with tf.variable_scope(None, {scope}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope(None, default_name={scope}, auxiliary_name_scope=False) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope(None, {scope}, reuse={reuse}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope(None, {scope}, values=[{t}, {v}]) as {new_s}:\n  {new_t} = {t} + {v}
with tf.variable_scope({scope}, values=[{t}], reuse={reuse}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_op_scope([{t}], {scope}, {scope}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.variable_op_scope([{t}], None, {scope}, reuse={reuse}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
with tf.op_scope([{t}], {scope}) as {new_n}:\n  {new_t} = tf.constant(1.0)
with tf.op_scope([{t}], None, {scope}) as {new_n}:\n  {new_t} = tf.constant(1.0)
with tf.variable_scope({s}) as {new_s}:\n  with tf.variable_scope({scope}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})\n  with tf.variable_scope({s}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({scope}) as {new_s}:\n  with tf.name_scope({scope}) as {new_n}:\n    with tf.variable_scope({scope}) as {new_s}:\n      {new_v} = tf.get_variable({name}, {shape})\n      {new_v} = tf.Variable({value}, name={name})
with tf.name_scope(None):\n  with tf.variable_scope({s}) as {new_s}:\n    {new_v} = tf.Variable({value})
with tf.variable_scope({s}, {scope}, [{t}]) as {new_s}:\n  {new_t} = tf.constant(0.5)
with tf.name_scope({scope}, {scope}, [{t}, {v}]) as {new_n}:\n  {new_t} = tf.constant(2.0, name={name})
with tf.name_scope(name={scope}, values={t}) as {new_n}:\n  {new_t} = tf.constant(2.0)
with tf.name_scope(default_name={scope}, name=None, values=[3, 'a']) as {new_n}:\n  {new_t} = tf.constant(2.0)
tf.VariableScope(reuse={reuse})
{new_s} = tf.VariableScope({reuse}, name={scope}, dtype={dtype}, initializer={init})
with tf.variable_scope(tf.VariableScope({reuse}, {scope})) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape})
{s}.set_dtype({dtype})
{s}.set_initializer({init})
{s}.set_regularizer({reg})
{s}.set_use_resource({bool})
{s}.set_custom_getter({getter})
{s}.set_caching_device('/cpu:0')
{s}.set_partitioner({partitioner})
tf.get_variable_scope().set_dtype({dtype})
{s}.global_variables()
{s}.local_variables()
{s}.trainable_variables()
{s}.get_collection({key})
{s}.original_name_scope
{s}.name
{s}.regularizer is reg1
{s}.initializer
{s}.partitioner
{s}.constraint
tf.get_variable_scope() is tf.get_variable_scope()
tf.get_variable_scope() == {s}
with tf.variable_scope({s}) as {new_s}:\n  raise ValueError('inside')
with tf.variable_scope({scope}):\n  tf.get_variable_scope().foo = 1
"""

VARIABLES = r"""
{new_v} = tf.get_variable({name}, initializer={value}, dtype={dtype})
{new_v} = tf.get_variable({name}, {shape}, initializer={value})
{new_v} = tf.get_variable({name}, shape={shape}, dtype={dtype}, initializer={init})
{new_v} = tf.get_variable({name}, {shape}, {dtype}, {init}, {reg}, {bool})
{new_v} = tf.get_variable(None, {shape})
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.zeros_initializer)
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.glorot_normal_initializer)
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.orthogonal_initializer(seed=2))
{new_v} = tf.get_variable({name}, [2, 2], initializer=tf.identity_initializer(), dtype={dtype})
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.uniform_unit_scaling_initializer(seed=3))
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.constant_initializer([1.0, 2.0, 3.0]))
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.constant_initializer([1, 2], verify_shape=True))
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.constant_initializer({value}), dtype={dtype})
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.initializers.he_normal(seed=1))
{new_v} = tf.get_variable({name}, {shape}, initializer=tf.initializers.lecun_uniform(seed=1))
{new_v} = tf.get_variable({name}, {shape}, initializer='zeros')
{new_v} = tf.get_variable({name}, {shape}, initializer=lambda shape: tf.ones([2]))
{new_v} = tf.get_variable({name}, initializer=lambda: tf.ones([2]))
{new_v} = tf.get_variable({name}, {shape}, initializer=lambda *a, **k: tf.zeros([3]))
{new_v} = tf.get_variable({name}, initializer={v}.initialized_value())
{new_v} = tf.get_variable({name}, initializer={v})
{new_v} = tf.get_variable({name}, initializer=tf.placeholder(tf.float32, [2]), validate_shape={bool})
{new_v} = tf.get_variable({name}, {shape}, validate_shape=False, initializer={value})
{new_v} = tf.Variable(tf.placeholder(tf.float32), validate_shape=False)
{new_v} = tf.Variable({value}, dtype={dtype}, name={name})
{new_v} = tf.Variable(initial_value={value}, name={name}, trainable={bool}, use_resource={bool})
{new_v} = tf.Variable({value}, {bool}, [{key}])
{new_v} = tf.Variable(tf.zeros_initializer()({shape}))
{new_v} = tf.Variable(tf.zeros_initializer(), shape={shape})
{new_v} = tf.Variable({v}, name={name})
{new_v} = tf.Variable({v} + 1.0)
{new_v} = tf.Variable(name={name})
{new_v} = tf.Variable({value}, trainable=True, synchronization=tf.VariableSynchronization.ON_READ)
{new_v} = tf.Variable({value}, aggregation=tf.VariableAggregation.SUM, synchronization=tf.VariableSynchronization.ON_WRITE)
{new_v} = tf.get_variable({name}, {shape}, trainable=True, synchronization=tf.VariableSynchronization.ON_READ)
{new_v} = tf.get_variable({name}, {shape}, synchronization=tf.VariableSynchronization.ON_READ, aggregation=tf.VariableAggregation.MEAN)
{new_v} = tf.get_local_variable({name}, {shape}, initializer={init}, use_resource={bool})
{new_v} = tf.get_local_variable({name}, {shape}, collections=[{key}])
{new_v} = tf.get_local_variable({name}, {shape}, trainable={bool})
{new_v} = tf.get_variable({name}, {shape}, collections=[])
{new_v} = tf.get_variable({name}, {shape}, collections=[{key}, 'mine'], trainable={bool})
{new_v} = tf.get_variable({name}, {shape}, collections=['mine', 'mine'])
{new_v} = tf.get_variable({name}, {shape}, collections={{'mine'}})
{new_v} = tf.get_variable({name}, {shape}, collections=(tf.GraphKeys.LOCAL_VARIABLES,))
{new_v} = tf.get_variable({name}, {shape}, regularizer={reg}, constraint=con1, caching_device='/cpu:0')
{new_v} = tf.get_variable({name}, {shape}, caching_device=lambda op: '/cpu:0', use_resource={bool})
{new_v} = tf.Variable({value}, caching_device='/cpu:0', use_resource={bool}, constraint=con1)
{new_v} = tf.Variable(lambda: {value}, dtype={dtype})
{new_v} = tf.get_variable({name}, {shape}, use_resource=True, validate_shape=False)
with tf.variable_creator_scope(make1):\n  with tf.variable_creator_scope(make3):\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_creator_scope(make2):\n  with tf.variable_creator_scope(make1):\n    {new_v} = tf.Variable({value})
with tf.variable_creator_scope(make4):\n  {new_v} = tf.get_variable({name}, {shape})\n  {new_v} = tf.Variable({value})
with tf.device('/cpu:0'):\n  {new_v} = tf.get_variable({name}, {shape}, use_resource={bool}, initializer={init})
with tf.colocate_with({v}):\n  {new_v} = tf.get_variable({name}, {shape}, use_resource={bool})
with tf.control_dependencies([{t}]):\n  {new_v} = tf.get_variable({name}, {shape}, use_resource={bool})\n  {new_t} = {v}.read_value()\n  {new_t} = tf.identity({v})
with tf.control_dependencies([{v}.initializer]):\n  {new_t} = {v}.value()\n  {new_t} = {v} + 1.0
{new_v} = tf.cond(tf.constant(True), lambda: tf.get_variable({name}, [2]) * 1.0, lambda: tf.zeros([2]))
{new_t} = tf.cond(tf.constant(False), lambda: tf.Variable(1.0), lambda: tf.constant(2.0))
{new_t} = tf.cond(tf.constant(False), lambda: tf.Variable(lambda: 1.0) + 1.0, lambda: tf.constant(2.0))
{new_t} = tf.while_loop(lambda i: i < 2.0, lambda i: i + tf.get_variable({name}, [], initializer=tf.ones_initializer()), [0.0])
{new_t} = tf.while_loop(lambda i: i < 2.0, lambda i: i + tf.Variable(1.0), [0.0])
with tf.init_scope():\n  {new_v} = tf.get_variable({name}, {shape})
tf.enable_resource_variables()\n{new_v} = tf.get_variable({name}, {shape})
tf.disable_resource_variables()\n{new_v} = tf.Variable({value})
tf.resource_variables_enabled()
{v}.to_proto().variable_name
tf.Variable.from_proto({v}.to_proto())
{v}.initializer
{v}.initial_value
{v}.constraint
{v}.aggregation
{v}._save_slice_info
{v}.shape[0]
{v}.get_shape().with_rank(2)
{v}.set_shape({shape})
{v}.dtype.is_integer
{v}.eval()
{v}.experimental_ref() == {v}.experimental_ref()
{v}.numpy()
{v} += 1.0
{v}[0]
{v}[0:1]
{v}[..., tf.newaxis]
{v}['a']
abs({v})
{v} // 2.0
{v} % 2.0
{v} ** 2.0
{v} < 2.0
{v} != {v}
{v} & {v}
~{v}
{v} @ {v}
2.0 / {v}
1 - {v}
3.5 // {v}
tf.Variable
"""

GETTERS = r"""
with tf.variable_scope({scope}, custom_getter={getter}) as {new_s}:\n  with tf.variable_scope({scope}, custom_getter={getter}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})\n    {new_v} = tf.get_variable({name}, {shape}, custom_getter={getter})
with tf.variable_scope({s}, custom_getter={getter}) as {new_s}:\n  {new_v} = tf.get_variable({name}, {shape}, initializer={init})
with tf.variable_scope({scope}, custom_getter={getter}):\n  with tf.variable_scope({s}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({scope}, custom_getter={getter}) as {new_s}:\n  {new_v} = tf.get_local_variable({name}, {shape})\n  {new_v} = tf.Variable({value})
{new_v} = tf.get_variable({name}, {shape}, custom_getter=lambda getter, *args, **kwargs: getter(*args, **kwargs))
{new_v} = tf.get_variable({name}, {shape}, custom_getter=lambda getter, name, **kwargs: sorted(kwargs))
{new_v} = tf.get_variable({name}, {shape}, custom_getter=lambda g, *args, **kwargs: 3)
{new_v} = tf.get_variable({name}, {shape}, custom_getter=lambda getter, name, shape, **kwargs: getter(name, [2], **kwargs))
{new_v} = tf.get_variable({name}, {shape}, custom_getter=lambda getter, name, reuse, **kwargs: getter(name, reuse=tf.AUTO_REUSE, **kwargs))
with tf.variable_scope({scope}, custom_getter=get5, dtype={dtype}, regularizer={reg}, reuse={reuse}):\n  {new_v} = tf.get_variable({name}, {shape}, partitioner={partitioner})
with tf.variable_scope({scope}, custom_getter=get1, partitioner={partitioner}):\n  {new_v} = tf.get_variable({name}, [4])
with tf.variable_scope({scope}, custom_getter=3):\n  {new_v} = tf.get_variable({name}, [4])
list(calls)
"""

PARTITIONS = r"""
{new_v} = tf.get_variable({name}, [4, 2], partitioner={partitioner}, use_resource={bool})
{new_v} = tf.get_variable({name}, {shape}, partitioner={partitioner}, initializer={init})
with tf.variable_scope({scope}, partitioner={partitioner}, reuse={reuse}) as {new_s}:\n  {new_v} = tf.get_variable({name}, [4, 2])\n  {new_v} = tf.get_variable({name}, [4, 2])
with tf.variable_scope({scope}, partitioner={partitioner}) as {new_s}:\n  {new_v} = tf.get_variable({name}, [5], regularizer={reg}, collections=[{key}])\n  {new_v} = tf.get_variable({name}, initializer={value})\n  {new_v} = tf.get_variable({name}, [])
with tf.variable_scope({scope}, reuse=tf.AUTO_REUSE):\n  {new_v} = tf.get_variable({name}, [4], partitioner=tf.fixed_size_partitioner(2))\n  {new_v} = tf.get_variable({name}, [4], partitioner=tf.fixed_size_partitioner(4))\n  {new_v} = tf.get_variable({name}, [4])
{new_v} = tf.get_variable({name}, [6], partitioner=tf.fixed_size_partitioner(3))\n{new_t} = tf.identity({v})\n{new_t} = {v} + 1.0
{new_v} = tf.get_variable({name}, [4], partitioner=tf.fixed_size_partitioner(2))\n[v.name for v in {v}]\nlen({v})\n{v}.as_tensor()\n{v}.get_shape()\n{v}.name\n{v}.dtype\n{v}.assign({t})
[v._save_slice_info.spec for v in {v}]
{v}._get_partitions()
{v}.partitions
tf.create_partitioned_variables([4, 2], [2, 1], tf.zeros_initializer(), name={name})
tf.create_partitioned_variables([4], [2], {value}, reuse={reuse})
tf.variable_axis_size_partitioner(16, max_shards=2)(shape=tf.TensorShape([4, 4]), dtype=tf.float32)
tf.min_max_variable_partitioner(max_partitions=3, axis=1, min_slice_size=8)(shape=tf.TensorShape([4, 4]), dtype={dtype})
tf.fixed_size_partitioner(2, axis=1)(shape=tf.TensorShape({shape}), dtype={dtype})
"""

TEMPLATES = r"""
{new_tmpl} = tf.make_template({scope}, net0)\n{new_t} = {tmpl}([1.0, 2.0])\n{new_t} = {tmpl}([1.0, 2.0])
{new_tmpl} = tf.make_template({scope}, net0, create_scope_now_=True)\nwith tf.variable_scope({scope}):\n  {new_t} = {tmpl}([1.0, 2.0])
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_tmpl} = tf.make_template({scope}, net0, create_scope_now_={bool})\n{new_t} = {tmpl}(2.0)
{new_tmpl} = tf.make_template({scope}, net0, unique_name_={scope})\n{new_t} = {tmpl}(2.0)
{new_tmpl} = tf.make_template({scope}, net0, unique_name_={scope}, create_scope_now_=True)
{new_tmpl} = tf.make_template({scope}, net0, custom_getter_={getter})\n{new_t} = {tmpl}(2.0)
{new_tmpl} = tf.make_template({scope}, lambda: tf.get_variable({name}, {shape}))\n{new_v} = {tmpl}()\n{new_v} = {tmpl}()
{new_tmpl} = tf.make_template({scope}, lambda a, b: a + b, b=2.0)\n{new_t} = {tmpl}(1.0)\n{new_t} = {tmpl}(a=1.0)\n{new_t} = {tmpl}(1.0, b=3.0)
{new_tmpl} = tf.make_template({scope}, lambda: tf.make_template('inner', net0)(1.0))\n{new_t} = {tmpl}()\n{new_t} = {tmpl}()
{new_tmpl} = tf.make_template({scope}, lambda: tf.Variable({value}))\n{tmpl}()\n{tmpl}()
{new_tmpl} = tf.make_template({scope}, lambda: 1 / 0)\n{tmpl}()\n{tmpl}()
with tf.Graph().as_default():\n  {new_t} = {tmpl}(2.0)
with tf.variable_scope({scope}, reuse=True):\n  {new_t} = {tmpl}(2.0)
with tf.name_scope({scope}):\n  {new_t} = {tmpl}(2.0)
{tmpl}.variable_scope
{tmpl}.variables
{tmpl}.trainable_variables
{tmpl}.non_trainable_variables
{tmpl}.local_variables
{tmpl}.variable_scope_name
{tmpl}.name
{tmpl}.weights
tf.make_template('', net0)
tf.make_template(None, net0)
tf.make_template('a', 3)
tf.make_template('a b', net0, create_scope_now_=True)
"""

COLLECTIONS = r"""
tf.add_to_collection({key}, {v})\ntf.get_collection({key}, {pattern})
tf.add_to_collections([{key}, 'mine', 'mine'], {t})
tf.add_to_collections({key}, {v})
tf.get_collection_ref({key}).append({v})\n[v.name for v in tf.global_variables()]
tf.get_collection_ref({key}) is tf.get_collection_ref({key})
tf.get_collection({key}).append(3)\nlen(tf.get_collection({key}))
tf.get_default_graph().clear_collection({key})
tf.get_default_graph().get_collection({key}, {pattern})
sorted(map(str, tf.get_default_graph().collections))
tf.get_default_graph().add_to_collection(3, {v})
tf.get_default_graph().add_to_collections(3, {v})
tf.get_collection('mine', scope={pattern})
[v.name for v in tf.trainable_variables({pattern})]
[v.name for v in tf.local_variables({pattern})]
[v.name for v in tf.model_variables({pattern})]
[v.name for v in tf.global_variables(scope={scope})]
[v.name for v in tf.moving_average_variables({pattern})]
tf.losses.get_regularization_losses({pattern})
tf.losses.get_regularization_loss({pattern})
tf.losses.add_loss({t})\ntf.losses.get_losses()\ntf.losses.get_total_loss()
tf.contrib.framework.get_variables({pattern})
tf.contrib.framework.get_or_create_global_step()
tf.contrib.framework.model_variable({name}, {shape})
tf.contrib.framework.local_variable({value}, name={name})
tf.train.get_global_step()
tf.train.create_global_step()
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_v} = tf.train.get_or_create_global_step()
tf.add_to_collection(tf.GraphKeys.GLOBAL_STEP, {v})\ntf.train.get_global_step()
tf.train.global_step({sess}, {v})
{new_t} = tf.metrics.mean({t}, name={name})\n[v.name for v in tf.get_collection(tf.GraphKeys.METRIC_VARIABLES)]
tf.global_norm([{v}, {t}])
tf.assign({v}, {t}).op.get_attr('use_locking')
tf.initialize_variables([{v}])
tf.initialize_local_variables()
tf.variables_initializer([{v}, {v}], name={name})
tf.variables_initializer([])
tf.variables_initializer({v})
tf.report_uninitialized_variables([])
tf.is_variable_initialized({t})
tf.assert_variables_initialized([{v}])
tf.layers.dense(tf.ones([1, 2]), 2, name={name})
tf.layers.dense(tf.ones([1, 2]), 2)
with tf.variable_scope({scope}, reuse={reuse}):\n  tf.layers.dense(tf.ones([1, 2]), 2)\n  tf.layers.dense(tf.ones([1, 2]), 2, name={scope})
tf.layers.dense(tf.ones([1, 3]), 2, name={scope}, reuse={reuse}, kernel_initializer={init}, kernel_regularizer={reg})
tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum({v}))
tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum({v}), var_list=[{v}])
tf.train.GradientDescentOptimizer(0.1).minimize({t})
tf.train.ExponentialMovingAverage(0.9).apply([{v}])
tf.gradients({t}, {v})
"""

GRAPHS = r"""
{new_g} = tf.Graph()\nwith {g}.as_default():\n  {new_v} = tf.get_variable({name}, {shape})
with {g}.as_default():\n  with tf.variable_scope({s}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})\n    {new_t} = tf.constant(1.0)
with {g}.as_default():\n  with tf.variable_scope({s}, reuse={reuse}) as {new_s}:\n    {new_v} = tf.get_variable({name}, {shape})
with tf.variable_scope({scope}):\n  with {g}.as_default():\n    with tf.variable_scope({scope}) as {new_s}:\n      {new_v} = tf.get_variable({name}, {shape})
with {g}.as_default():\n  {new_t} = {t} + {v}
with {g}.as_default():\n  {new_t} = tf.constant(1.0) + {v}
with {g}.as_default():\n  {new_t} = tf.assign({v}, {value})
with {g}.as_default():\n  with tf.name_scope({scope}, values=[{t}]):\n    {new_t} = tf.constant(1.0)
with {g}.as_default():\n  with tf.control_dependencies([{t}]):\n    {new_t} = tf.constant(1.0)
with {g}.as_default():\n  {new_v} = tf.Variable({v}.initialized_value())
with tf.Session(graph={g}) as {new_sess}:\n  {sess}.run({t})\n  {sess}.run(tf.global_variables_initializer())
{g}.get_operations()
{g}.finalize()
{g}.version
{g}.get_name_scope()
{g}.unique_name({name})
{g}.seed = 3
{g}.as_graph_element({v})
tf.get_default_graph() is {g}
tf.get_default_graph().get_operation_by_name({t}.name)
tf.get_default_graph().get_tensor_by_name({v}.op.name)
tf.get_default_graph().get_tensor_by_name({v}.name + '1')
tf.get_default_graph().get_tensor_by_name(3)
tf.get_default_graph().get_operation_by_name({t})
tf.get_default_graph().as_graph_element({name}, allow_tensor=False)
tf.get_default_graph().as_graph_element({t}, allow_tensor=False)
tf.get_default_graph().as_graph_element({t}.op, allow_operation=False)
tf.get_default_graph().as_graph_element({t}.name, allow_tensor=False)
tf.get_default_graph().as_graph_element({t}.op.name, allow_operation=False)
tf.get_default_graph().as_graph_element('x:y')
tf.get_default_graph().as_graph_element('a:b:0')
tf.get_default_graph().as_graph_element({v}.op.name + ':9')
tf.get_default_graph().as_graph_element({t}, allow_tensor=False, allow_operation=False)
tf.get_default_graph().as_graph_element([{t}])
tf.get_default_graph().unique_name({name})\ntf.get_default_graph().unique_name({name})
with tf.get_default_graph().name_scope({name}):\n  tf.get_default_graph().unique_name({name}, mark_as_used=False)
with tf.get_default_graph().gradient_override_map({{'Square': 'Mine'}}):\n  {new_t} = tf.square({t})
with tf.get_default_graph().device('/cpu:0'):\n  {new_v} = tf.get_variable({name}, {shape})
with tf.device('/cpu:0'):\n  with tf.device({device}):\n    {new_t} = tf.constant(1.0)\n    {new_v} = tf.Variable({value})
with tf.device({device}):\n  with tf.colocate_with({v}):\n    {new_t} = tf.identity({t})
with tf.container({name}):\n  {new_v} = tf.get_variable({name}, {shape}, use_resource={bool})
with tf.control_dependencies([{t}]):\n  with tf.control_dependencies([{v}]):\n    {new_t} = tf.no_op()\n    {new_t} = tf.identity({t})
with tf.control_dependencies([{t}]):\n  with tf.control_dependencies(None):\n    {new_t} = tf.constant(1.0, name={name})
tf.control_dependencies({t})
tf.control_dependencies([{name}])
tf.set_random_seed({bool})
tf.reset_default_graph()
tf.get_default_graph().building_function
tf.get_seed(3)
tf.group({t}, {v}, name={name})
tf.group()
tf.group(3)
tf.group([{t}, [{v}]])
tf.tuple([{t}, {v}, None])
tf.no_op(name={name})
tf.constant({value}, name={name})\ntf.constant({value}, name={name})
tf.constant({value}, dtype={dtype}, shape={shape})
tf.constant({value}, dtype={dtype}, shape={shape}, verify_shape=True)
tf.convert_to_tensor({value}, dtype={dtype})
tf.convert_to_tensor({value}, preferred_dtype={dtype})
tf.convert_to_tensor({v}, dtype={dtype}, name={name})
tf.placeholder({dtype}, {shape}, name={name})
tf.placeholder_with_default({value}, {shape}, name={name})
{t}.op.get_attr('T')
{t}.op.get_attr('nope')
{t}.op.node_def
{t}.op.values()
{t}.op.outputs
{t}.op.control_inputs
{t}.op.op_def.name
{t}.op.device
{t}.value_index
{t}.graph is {v}.graph
{t}.shape.ndims
{t}.set_shape({shape})
{t}.get_shape().as_list()
{t}.eval(session={sess})
{t}.name + {t}.op.name
list({t})
{t} in [{t}]
not {t}
np.array({t}).dtype
{t}.dtype.name
{t} == {t}
{t} is {t}
"""

SESSIONS = r"""
{new_sess} = tf.Session()\n{sess}.run(None)\n{sess}.run({v})
with tf.Session() as {new_sess}:\n  {v}.eval()\n  tf.get_default_session() is {sess}\n{sess}.run({v})
with tf.Session() as {new_sess}:\n  with tf.Session() as {new_sess}:\n    tf.global_variables_initializer().run()\n  {v}.eval()
with {sess}.as_default():\n  {v}.initializer.run()\n  {v}.eval()
{new_sess} = tf.InteractiveSession()\ntf.global_variables_initializer().run()\n{v}.eval()\n{sess}.close()
{sess}.run(tf.global_variables_initializer())\n{sess}.run([{v}, {{'a': {t}}}, ({v}, [{v}.op])])
{sess}.run({v}.initializer)\n{sess}.run(tf.report_uninitialized_variables())
{sess}.run([{v}, {v}.assign({value})])
{sess}.run({v}.assign({value}))\n{sess}.run({v})
{sess}.run({v}.assign_add({value}))
{new_p} = tf.placeholder({dtype}, {shape})\n{sess}.run({p}, {{{p}: {value}}})
{new_p} = tf.placeholder(tf.float32, [None, 2], name={name})\n{sess}.run({p})\n{sess}.run({p}, {{{p}: [[1.0, 2.0]]}})\n{sess}.run({p}, {{{p}: [1.0, 2.0, 3.0]}})
{new_p} = tf.placeholder(tf.int32)\n{sess}.run({p}, {{{p}: 1.5}})\n{sess}.run({p}, {{{p}: 'a'}})\n{sess}.run({p} * 2, {{{p}.name: 4}})
{sess}.run({t}, {{{name}: 1.0}})
{sess}.run({t}, {{3: 1.0}})
{sess}.run({t}, {{{t}: {t}}})
{sess}.run({t}, {{{t}.op: 1.0}})
{sess}.run({t}, {{({t}, {t}): (1.0, 2.0)}})
{sess}.run({t}, feed_dict=[])
{sess}.run({t}, feed_dict=3)
{sess}.run({name})
{sess}.run(3)
{sess}.run([None])
{sess}.run({{}})
{sess}.run([[]])
{sess}.run({v}.op.name)
{sess}.run({v}.name)
{sess}.run({s})
{sess}.run({v} + {t})
{sess}.run(tf.shape({v}))
{sess}.run({v}.initialized_value())
{sess}.run(tf.identity({v}))
{sess}.run(tf.variables_initializer([{v}]))
{sess}.run(tf.assert_variables_initialized([{v}]))
{v}.load({value}, {sess})\n{sess}.run({v})
{v}.load({value})
{v}.initializer.run()
{v}.initializer.run(session={sess})
{v}.eval(session={sess})
{v}.eval({sess})
{v}.count_up_to(2)
{sess}.run(tf.count_up_to({v}, 2))
{new_sess} = tf.Session(graph=tf.Graph())\n{sess}.run({t})
tf.Session(target=3)
tf.Session(graph=3)
tf.Session(config=3)
{sess}.graph is tf.get_default_graph()
{sess}.close()\n{sess}.run({t})
{new_f} = {sess}.make_callable({t})
tf.train.Saver()
tf.train.Saver([])
tf.train.Saver([{v}, {v}])
tf.train.Saver({{'k': {v}, 'q': {v}}})
tf.train.Saver([{t}])
tf.train.Saver({v})
tf.train.Saver({{'k': {t}}})
tf.train.Saver([{v}], max_to_keep={bool}, name={name}).last_checkpoints
{sess}.run(tf.train.Saver().saver_def.restore_op_name)
"""

CHANGES = r"""
{new_t} = tf.assign({v}, {value}, validate_shape={bool}, use_locking={bool}, name={name})
{new_t} = {v}.assign({value}, use_locking={bool}, name={name}, read_value={bool})
{new_t} = {v}.assign_sub({value}, name={name})
{new_t} = {v}.scatter_add(tf.IndexedSlices([1.0], [0]))
{new_t} = {v}.scatter_nd_add([[0]], [1.0])
{new_t} = tf.scatter_mul({v}, [0], 2.0, name={name})
{new_t} = tf.scatter_nd_sub({v}, [[1]], [2.0])
{new_t} = {v}[0].assign({value})
{new_t} = {v}[0:1].assign([5.0])
{new_t} = tf.assign({t}, 1.0)
{new_t} = tf.assign(3, 1.0)
{new_t} = tf.assign_add({v}, {t})
{new_t} = tf.assign({v}, {v})
{new_t} = {v}.assign({v}.assign_add(1.0))
{new_t} = tf.assign({v}, [[1.0]])
{new_t} = tf.assign({v}, 'x')
{new_t} = tf.assign_sub({v}, 1)
with tf.control_dependencies([{v}.assign({value})]):\n  {new_t} = {v}.read_value()\n  {new_t} = tf.identity({v})
with tf.control_dependencies([tf.assign({v}, {value})]):\n  {new_t} = tf.group({v})
tf.sparse_read if False else {v}.sparse_read([0])
{v}.gather_nd([[0]])
tf.gather({v}, [0])
tf.nn.embedding_lookup({v}, [0])
tf.nn.embedding_lookup([{v}, {v}], [0, 1])
tf.stop_gradient({v})
tf.stack([{v}, {v}])
tf.zeros_like({v}, name={name})
tf.ones_like({v}, dtype={dtype})
tf.cast({v}, {dtype}, name={name})
tf.fill({v}.shape, 1.0)
tf.shape({v}, name={name})
tf.size({v})
tf.rank({v})
tf.reduce_mean({v}, 0)
tf.concat([{v}, {v}], axis=0, name={name})
tf.split({v}, 2)
tf.reshape({v}, {shape})
tf.matmul({v}, {v}, transpose_b=True)
tf.where({v} > 0.0, {v}, {v})
tf.print({v})
"""

DEVICES = r"""
with tf.device({device}):\n  with tf.colocate_with({v}):\n    {new_v} = tf.get_variable({name}, {shape}, use_resource={bool})\n    {new_t} = tf.identity({v})
with tf.device({device}):\n  with tf.variable_scope({scope}, caching_device={device}):\n    {new_v} = tf.get_variable({name}, {shape}, use_resource={bool})\n    {new_t} = {v} + 1.0
with tf.device(lambda op: '/job:' + op.type.lower()):\n  {new_v} = tf.get_variable({name}, {shape})\n  with tf.device({device}):\n    {new_t} = tf.identity({t})
with tf.device(tf.train.replica_device_setter(ps_tasks=2)):\n  {new_v} = tf.get_variable({name}, {shape})\n  {new_v} = tf.Variable({value}, use_resource={bool})\n  {new_t} = tf.identity({t})
with tf.device(tf.train.replica_device_setter(ps_tasks=2, worker_device={device}, merge_devices={bool})):\n  with tf.device({device}):\n    {new_v} = tf.get_variable({name}, {shape}, partitioner={partitioner})
with tf.colocate_with({v}, ignore_existing={bool}):\n  with tf.colocate_with({t}):\n    {new_t} = tf.zeros([2])\n    {new_v} = tf.Variable({value}, caching_device={device})
with tf.device({device}):\n  with tf.device({device}):\n    with tf.control_dependencies([{t}]):\n      {new_t} = {v}.read_value()\n      {new_t} = tf.no_op()
with tf.colocate_with({s}):\n  {new_t} = tf.constant(1.0)
with tf.device({scope}):\n  {new_t} = tf.constant(1.0)
tf.DeviceSpec.from_string({device})
tf.DeviceSpec(job={name}, device_type='GPU', device_index=1).to_string()
{v}.value().device
[op.device for op in tf.get_default_graph().get_operations()][-4:]
[g.decode() for g in {t}.op.colocation_groups()]
"""

FLOW = r"""
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_t} = tf.cond(tf.constant(True), lambda: tf.get_variable({name}, [2]) + 1.0, lambda: tf.zeros([2]), name={name})
{new_t} = tf.cond({t} is {t}, lambda: {v}, lambda: {t})
{new_t} = tf.cond(tf.placeholder_with_default(True, []), lambda: tf.assign({v}, {value}), lambda: tf.identity({v}))
{new_t} = tf.cond(tf.is_variable_initialized({v}), lambda: {v} + 1.0, lambda: {t})\n{sess}.run({t})
{new_t} = tf.cond(tf.constant(False), lambda: tf.group({v}.initializer), lambda: tf.no_op())
{new_t} = tf.cond(tf.constant(True), lambda: [{v}, {t}], lambda: [{t}, {v}], strict={bool})
{new_t} = tf.cond(tf.constant(True), lambda: {v}, lambda: [{v}])
{new_t} = tf.cond({t}, lambda: 1, lambda: 2)
with tf.name_scope({scope}):\n  {new_t} = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x + {v}), [0, {t}], name={name})
{new_t} = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], maximum_iterations=2, parallel_iterations=1)\n{sess}.run({t})
{new_t} = tf.while_loop(lambda x: tf.reduce_sum(x) < 9.0, lambda x: x * 2.0 + {v}, [tf.ones([2])])\ntf.gradients({t}, {v})
{new_t} = tf.while_loop(lambda i: i < 3.0, lambda i: i + tf.get_variable({name}, [], initializer=lambda: 1.0, use_resource=True), [0.0])
{new_t} = tf.while_loop(lambda x: True, lambda x: tf.concat([x, x], 0), [{t}], shape_invariants=[tf.TensorShape([None])], maximum_iterations=2)
{new_t} = tf.case([(tf.constant(False), lambda: {v}), (tf.constant(True), lambda: {t})], default=lambda: {v})
{new_t} = tf.case({{tf.constant(False): lambda: {v}}}, exclusive={bool}, name={name})
with tf.control_dependencies([{v}.initializer]):\n  {new_t} = tf.cond(tf.constant(True), lambda: {v}.read_value(), lambda: {v}.value())
{new_t} = tf.map_fn(lambda x: x * {v}, {t})
{new_t} = tf.scan(lambda a, x: a + x, {t}, initializer=0.0)
{new_t} = tf.foldl(lambda a, x: a + x, tf.ones([3]), name={name})
"""

TRAINING = r"""
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_t} = tf.train.AdamOptimizer(0.1, name={name}).minimize(tf.reduce_sum({v} * {v}), var_list=[{v}])
with tf.variable_scope({scope}, reuse={reuse}, dtype={dtype}, initializer={init}):\n  {new_t} = tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum({v}), var_list=[{v}])
{new_t} = tf.train.RMSPropOptimizer(0.1, centered={bool}).minimize(tf.reduce_mean({v}), global_step=tf.train.get_or_create_global_step())
{new_o} = tf.train.AdagradOptimizer(0.1)\n{new_t} = {o}.minimize(tf.reduce_sum({v}))\n{o}.get_slot({v}, 'accumulator')\n[v.name for v in {o}.variables()]
{new_o} = tf.train.GradientDescentOptimizer(0.5)\n{o}.compute_gradients(tf.reduce_sum({v} * {t}), [{v}])\n{new_t} = {o}.apply_gradients([({t}, {v})], name={name})\n{sess}.run({t})
with tf.control_dependencies([{t}]):\n  {new_t} = tf.train.FtrlOptimizer(0.1).minimize(tf.reduce_sum({v}), var_list=[{v}])
{new_o} = tf.train.ExponentialMovingAverage(0.9, name={name})\n{new_t} = {o}.apply([{v}])\n{o}.average({v})\n{o}.average_name({v})
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_o} = tf.train.ExponentialMovingAverage(0.9, zero_debias={bool})\n  {new_t} = {o}.apply([{t}, {v}])\n  {o}.average({t})
{new_o} = tf.train.ExponentialMovingAverage(0.9, tf.train.get_or_create_global_step())\n{new_t} = {o}.apply()\nsorted({o}.variables_to_restore())
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_t} = tf.metrics.mean({t}, name={name})\n[v.name for v in tf.local_variables()]
{new_t} = tf.metrics.accuracy([1, 2], [1, 1], metrics_collections=[{key}], updates_collections={scope})
with tf.variable_scope({scope}, regularizer={reg}, reuse={reuse}):\n  {new_t} = tf.layers.dense(tf.ones([2, 3]), 2, name={name}, use_bias={bool})
with tf.variable_scope({s}, reuse={reuse}) as {new_s}:\n  {new_t} = tf.layers.dense(tf.ones([2, 3]), 2)\n  {new_t} = tf.layers.batch_normalization({t}, training={bool})
{new_o} = tf.layers.Dense(2, name={name})\nwith tf.variable_scope({scope}):\n  {new_t} = {o}(tf.ones([1, 2]))\n{new_t} = {o}(tf.ones([1, 2]))\n{o}.scope_name\n[v.name for v in {o}.variables]
with tf.variable_scope({scope}, reuse={reuse}):\n  {new_t} = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(2), tf.ones([1, 2, 3]), dtype=tf.float32)
tf.losses.mean_squared_error([1.0], [2.0], scope={scope}, loss_collection={key})\ntf.losses.get_total_loss(name={name})
tf.summary.scalar({name}, {v}, collections=[{key}])\ntf.summary.merge_all()
with tf.variable_scope({scope}):\n  {new_v} = tf.train.create_global_step()\n{v}.name
tf.train.exponential_decay(0.1, tf.train.get_or_create_global_step(), 10, 0.9, name={name})
tf.gradients(tf.reduce_sum({v} * {t}), [{v}, {t}], name={name})
tf.gradients({t}, {v}, grad_ys={t}, stop_gradients=[{v}])
"""

FILES = r"""
{new_o} = tf.train.Saver()\n{sess}.run(tf.global_variables_initializer())\n{o}.save({sess}, tmp + '/m', write_meta_graph=False)\nsorted(tf.train.load_checkpoint(tmp + '/m').get_variable_to_shape_map().items())
{new_o} = tf.train.Saver([{v}], name={name})\n{sess}.run({v}.initializer)\n{o}.save({sess}, tmp + '/m', global_step=3)\n{o}.restore({sess}, tmp + '/m-3')\n{sess}.run({v})
{new_o} = tf.train.Saver({{{name}: {v}}})\n{o}.save({sess}, tmp + '/n')\ntf.train.list_variables(tmp + '/n')
{new_o} = tf.train.Saver(tf.trainable_variables({pattern}))\n{o}.restore({sess}, tmp + '/m')
tf.train.load_variable(tmp + '/m', {name})
tf.train.load_variable(tmp + '/m', {v}.op.name)
tf.train.latest_checkpoint(tmp)
tf.train.checkpoint_exists(tmp + '/m')
tf.train.init_from_checkpoint(tmp + '/m', {{{v}.op.name: {v}}})\n{sess}.run({v}.initializer)
tf.train.init_from_checkpoint(tmp + '/m', {{'/': {scope} + '/'}})
with {g}.as_default():\n  {new_v} = tf.get_variable({name}, {shape})\n  {new_o} = tf.train.Saver()\n  with tf.Session() as {new_sess}:\n    {o}.restore({sess}, tmp + '/m')\n    {sess}.run({v})
with tf.Graph().as_default():\n  {new_o} = tf.train.import_meta_graph(tmp + '/n.meta', import_scope={scope})\n  [v.name for v in tf.global_variables()]
with {g}.as_default():\n  tf.import_graph_def({t}.graph.as_graph_def(), name={scope}, return_elements=[{t}.name])
with tf.name_scope({scope}):\n  tf.import_graph_def(tf.get_default_graph().as_graph_def(), name={name}, input_map={{{t}.name: {t}}})
sorted(tf.train.export_meta_graph(export_scope={scope}).collection_def)
with tf.Graph().as_default():\n  with tf.variable_scope({scope}):\n    tf.train.import_meta_graph(tf.train.export_meta_graph(graph={v}.graph))\n    [v.name for v in tf.global_variables()]\n    [v.name for v in tf.trainable_variables()]
tf.train.Saver({{{name}: {v}, 'k': {v}}})
tf.train.Saver(sharded={bool}, max_to_keep=1).as_saver_def().save_tensor_name
"""

GROUPS = [
    (REUSE, 6),
    (SCOPES, 6),
    (VARIABLES, 6),
    (GETTERS, 2),
    (PARTITIONS, 2),
    (TEMPLATES, 3),
    (COLLECTIONS, 4),
    (GRAPHS, 4),
    (SESSIONS, 4),
    (CHANGES, 3),
    (DEVICES, 3),
    (FLOW, 3),
    (TRAINING, 3),
    (FILES, 3),
]
RULES = [
    [
        [line.replace("\\n", "\n") for line in group.strip().split("\n") if line]
        for group, _ in GROUPS
    ],
    [weight for _, weight in GROUPS],
]
