"""What a ``.meta`` file or a SavedModel says beyond the graph.

The field names and numbers of TensorFlow 1.15.5, in the notation of
``schema.py``. ``protos.py`` makes classes of them.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "MetaGraphDef": (
        "1 meta_info_def MetaGraphDef.MetaInfoDef, 2 graph_def GraphDef, "
        "3 saver_def SaverDef, 4 collection_def {string CollectionDef}, "
        "5 signature_def {string SignatureDef}, 6 asset_file_def AssetFileDef*, "
        "7 object_graph_def SavedObjectGraph"
    ),
    "MetaGraphDef.MetaInfoDef": (
        "1 meta_graph_version string, 2 stripped_op_list OpList, 3 any_info Any, "
        "4 tags string*, 5 tensorflow_version string, 6 tensorflow_git_version string, "
        "7 stripped_default_attrs bool"
    ),
    "Any": "1 type_url string, 2 value bytes",
    "CollectionDef": (
        "1 node_list CollectionDef.NodeList @kind, "
        "2 bytes_list CollectionDef.BytesList @kind, "
        "3 int64_list CollectionDef.Int64List @kind, "
        "4 float_list CollectionDef.FloatList @kind, "
        "5 any_list CollectionDef.AnyList @kind"
    ),
    "CollectionDef.NodeList": "1 value string*",
    "CollectionDef.BytesList": "1 value bytes*",
    "CollectionDef.Int64List": "1 value int64*",
    "CollectionDef.FloatList": "1 value float*",
    "CollectionDef.AnyList": "1 value Any*",
    "SaverDef": (
        "1 filename_tensor_name string, 2 save_tensor_name string, "
        "3 restore_op_name string, 4 max_to_keep int32, 5 sharded bool, "
        "6 keep_checkpoint_every_n_hours float, "
        "7 version SaverDef.CheckpointFormatVersion"
    ),
    "VariableDef": (
        "1 variable_name string, 2 initializer_name string, 3 snapshot_name string, "
        "4 save_slice_info_def SaveSliceInfoDef, 5 is_resource bool, "
        "6 initial_value_name string, 7 trainable bool, "
        "8 synchronization VariableSynchronization, 9 aggregation VariableAggregation"
    ),
    "SaveSliceInfoDef": (
        "1 full_name string, 2 full_shape int64*, 3 var_offset int64*, "
        "4 var_shape int64*"
    ),
    "CondContextDef": (
        "1 context_name string, 2 pred_name string, 3 pivot_name string, "
        "4 branch int32, 5 values_def ValuesDef, "
        "6 nested_contexts ControlFlowContextDef*"
    ),
    "WhileContextDef": (
        "1 context_name string, 2 parallel_iterations int32, 3 back_prop bool, "
        "4 swap_memory bool, 5 pivot_name string, 6 pivot_for_pred_name string, "
        "7 pivot_for_body_name string, 8 loop_exit_names string*, "
        "9 values_def ValuesDef, 10 loop_enter_names string*, "
        "11 maximum_iterations_name string, 12 nested_contexts ControlFlowContextDef*"
    ),
    "ControlFlowContextDef": (
        "1 cond_ctxt CondContextDef @ctxt, 2 while_ctxt WhileContextDef @ctxt"
    ),
    "ValuesDef": "1 values string*, 2 external_values {string string}",
    "QueueRunnerDef": (
        "1 queue_name string, 2 enqueue_op_name string*, 3 close_op_name string, "
        "4 cancel_op_name string, 5 queue_closed_exception_types error.Code*"
    ),
    "SignatureDef": (
        "1 inputs {string TensorInfo}, 2 outputs {string TensorInfo}, "
        "3 method_name string"
    ),
    "TensorInfo": (
        "1 name string @encoding, 2 dtype DataType, 3 tensor_shape TensorShapeProto, "
        "4 coo_sparse TensorInfo.CooSparse @encoding, "
        "5 composite_tensor TensorInfo.CompositeTensor @encoding"
    ),
    "TensorInfo.CooSparse": (
        "1 values_tensor_name string, 2 indices_tensor_name string, "
        "3 dense_shape_tensor_name string"
    ),
    "TensorInfo.CompositeTensor": "1 type_spec TypeSpecProto, 2 components TensorInfo*",
    "AssetFileDef": "1 tensor_info TensorInfo, 2 filename string",
    "SavedModel": "1 saved_model_schema_version int64, 2 meta_graphs MetaGraphDef*",
    "SavedObjectGraph": (
        "1 nodes SavedObject*, 2 concrete_functions {string SavedConcreteFunction}"
    ),
    "SavedObject": (
        "1 children TrackableObjectGraph.TrackableObject.ObjectReference*, "
        "3 slot_variables TrackableObjectGraph.TrackableObject.SlotVariableReference*, "
        "4 user_object SavedUserObject @kind, 5 asset SavedAsset @kind, "
        "6 function SavedFunction @kind, 7 variable SavedVariable @kind, "
        "8 bare_concrete_function SavedBareConcreteFunction @kind, "
        "9 constant SavedConstant @kind, 10 resource SavedResource @kind"
    ),
    "SavedUserObject": "1 identifier string, 2 version VersionDef, 3 metadata string",
    "SavedAsset": "1 asset_file_def_index int32",
    "SavedFunction": "1 concrete_functions string*, 2 function_spec FunctionSpec",
    "SavedConcreteFunction": (
        "2 bound_inputs int32*, 3 canonicalized_input_signature StructuredValue, "
        "4 output_signature StructuredValue"
    ),
    "SavedBareConcreteFunction": (
        "1 concrete_function_name string, 2 argument_keywords string*, "
        "3 allowed_positional_arguments int64"
    ),
    "SavedConstant": "1 operation string",
    "SavedVariable": (
        "1 dtype DataType, 2 shape TensorShapeProto, 3 trainable bool, "
        "4 synchronization VariableSynchronization, 5 aggregation VariableAggregation, "
        "6 name string"
    ),
    "SavedResource": "1 device string",
    "FunctionSpec": (
        "1 fullargspec StructuredValue, 2 is_method bool, "
        "5 input_signature StructuredValue"
    ),
    "StructuredValue": (
        "1 none_value NoneValue @kind, 11 float64_value double @kind, "
        "12 int64_value sint64 @kind, 13 string_value string @kind, "
        "14 bool_value bool @kind, 31 tensor_shape_value TensorShapeProto @kind, "
        "32 tensor_dtype_value DataType @kind, "
        "33 tensor_spec_value TensorSpecProto @kind, "
        "34 type_spec_value TypeSpecProto @kind, 51 list_value ListValue @kind, "
        "52 tuple_value TupleValue @kind, 53 dict_value DictValue @kind, "
        "54 named_tuple_value NamedTupleValue @kind"
    ),
    "NoneValue": "",
    "ListValue": "1 values StructuredValue*",
    "TupleValue": "1 values StructuredValue*",
    "DictValue": "1 fields {string StructuredValue}",
    "PairValue": "1 key string, 2 value StructuredValue",
    "NamedTupleValue": "1 name string, 2 values PairValue*",
    "TensorSpecProto": "1 name string, 2 shape TensorShapeProto, 3 dtype DataType",
    "TypeSpecProto": (
        "1 type_spec_class TypeSpecProto.TypeSpecClass, 2 type_state StructuredValue, "
        "3 type_spec_class_name string"
    ),
    "TrackableObjectGraph": "1 nodes TrackableObjectGraph.TrackableObject*",
    "TrackableObjectGraph.TrackableObject": (
        "1 children TrackableObjectGraph.TrackableObject.ObjectReference*, "
        "2 attributes TrackableObjectGraph.TrackableObject.SerializedTensor*, "
        "3 slot_variables TrackableObjectGraph.TrackableObject.SlotVariableReference*"
    ),
    "TrackableObjectGraph.TrackableObject.ObjectReference": (
        "1 node_id int32, 2 local_name string"
    ),
    "TrackableObjectGraph.TrackableObject.SerializedTensor": (
        "1 name string, 2 full_name string, 3 checkpoint_key string, "
        "4 optional_restore bool"
    ),
    "TrackableObjectGraph.TrackableObject.SlotVariableReference": (
        "1 original_variable_node_id int32, 2 slot_name string, "
        "3 slot_variable_node_id int32"
    ),
}

ENUMS: dict[str, str] = {
    "SaverDef.CheckpointFormatVersion": "LEGACY 0, V1 1, V2 2",
    "VariableSynchronization": (
        "VARIABLE_SYNCHRONIZATION_AUTO 0, VARIABLE_SYNCHRONIZATION_NONE 1, "
        "VARIABLE_SYNCHRONIZATION_ON_WRITE 2, VARIABLE_SYNCHRONIZATION_ON_READ 3"
    ),
    "VariableAggregation": (
        "VARIABLE_AGGREGATION_NONE 0, VARIABLE_AGGREGATION_SUM 1, "
        "VARIABLE_AGGREGATION_MEAN 2, VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA 3"
    ),
    "error.Code": (
        "OK 0, CANCELLED 1, UNKNOWN 2, INVALID_ARGUMENT 3, DEADLINE_EXCEEDED 4, "
        "NOT_FOUND 5, ALREADY_EXISTS 6, PERMISSION_DENIED 7, UNAUTHENTICATED 16, "
        "RESOURCE_EXHAUSTED 8, FAILED_PRECONDITION 9, ABORTED 10, OUT_OF_RANGE 11, "
        "UNIMPLEMENTED 12, INTERNAL 13, UNAVAILABLE 14, DATA_LOSS 15, "
        "DO_NOT_USE_RESERVED_FOR_FUTURE_EXPANSION_USE_DEFAULT_IN_SWITCH_INSTEAD_ 20"
    ),
    "TypeSpecProto.TypeSpecClass": (
        "UNKNOWN 0, SPARSE_TENSOR_SPEC 1, INDEXED_SLICES_SPEC 2, RAGGED_TENSOR_SPEC 3, "
        "TENSOR_ARRAY_SPEC 4, DATA_DATASET_SPEC 5, DATA_ITERATOR_SPEC 6, "
        "OPTIONAL_SPEC 7, PER_REPLICA_SPEC 8"
    ),
}
