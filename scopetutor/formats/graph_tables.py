"""What a graph is made of: nodes, attributes, tensors, functions, ops.

The field names and numbers of TensorFlow 1.15.5, in the notation of
``schema.py``. ``protos.py`` makes classes of them.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "GraphDef": (
        "1 node NodeDef*, 2 library FunctionDefLibrary, 3 version int32, "
        "4 versions VersionDef"
    ),
    "NodeDef": (
        "1 name string, 2 op string, 3 input string*, 4 device string, "
        "5 attr {string AttrValue}, "
        "6 experimental_debug_info NodeDef.ExperimentalDebugInfo"
    ),
    "NodeDef.ExperimentalDebugInfo": (
        "1 original_node_names string*, 2 original_func_names string*"
    ),
    "VersionDef": "1 producer int32, 2 min_consumer int32, 3 bad_consumers int32*",
    "AttrValue": (
        "1 list AttrValue.ListValue @value, 2 s bytes @value, 3 i int64 @value, "
        "4 f float @value, 5 b bool @value, 6 type DataType @value, "
        "7 shape TensorShapeProto @value, 8 tensor TensorProto @value, "
        "9 placeholder string @value, 10 func NameAttrList @value"
    ),
    "AttrValue.ListValue": (
        "2 s bytes*, 3 i int64*, 4 f float*, 5 b bool*, 6 type DataType*, "
        "7 shape TensorShapeProto*, 8 tensor TensorProto*, 9 func NameAttrList*"
    ),
    "NameAttrList": "1 name string, 2 attr {string AttrValue}",
    "TensorShapeProto": "2 dim TensorShapeProto.Dim*, 3 unknown_rank bool",
    "TensorShapeProto.Dim": "1 size int64, 2 name string",
    "TensorProto": (
        "1 dtype DataType, 2 tensor_shape TensorShapeProto, 3 version_number int32, "
        "4 tensor_content bytes, 5 float_val float*, 6 double_val double*, "
        "7 int_val int32*, 8 string_val bytes*, 9 scomplex_val float*, "
        "10 int64_val int64*, 11 bool_val bool*, 12 dcomplex_val double*, "
        "13 half_val int32*, 14 resource_handle_val ResourceHandleProto*, "
        "15 variant_val VariantTensorDataProto*, 16 uint32_val uint32*, "
        "17 uint64_val uint64*"
    ),
    "ResourceHandleProto": (
        "1 device string, 2 container string, 3 name string, 4 hash_code uint64, "
        "5 maybe_type_name string, "
        "6 dtypes_and_shapes ResourceHandleProto.DtypeAndShape*"
    ),
    "ResourceHandleProto.DtypeAndShape": "1 dtype DataType, 2 shape TensorShapeProto",
    "VariantTensorDataProto": (
        "1 type_name string, 2 metadata bytes, 3 tensors TensorProto*"
    ),
    "FunctionDefLibrary": "1 function FunctionDef*, 2 gradient GradientDef*",
    "FunctionDef": (
        "1 signature OpDef, 3 node_def NodeDef*, 4 ret {string string}, "
        "5 attr {string AttrValue}, 6 control_ret {string string}, "
        "7 arg_attr {uint32 FunctionDef.ArgAttrs}"
    ),
    "FunctionDef.ArgAttrs": "1 attr {string AttrValue}",
    "GradientDef": "1 function_name string, 2 gradient_func string",
    "OpList": "1 op OpDef*",
    "OpDef": (
        "1 name string, 2 input_arg OpDef.ArgDef*, 3 output_arg OpDef.ArgDef*, "
        "4 attr OpDef.AttrDef*, 5 summary string, 6 description string, "
        "8 deprecation OpDeprecation, 16 is_aggregate bool, 17 is_stateful bool, "
        "18 is_commutative bool, 19 allows_uninitialized_input bool, "
        "20 control_output string*"
    ),
    "OpDef.ArgDef": (
        "1 name string, 2 description string, 3 type DataType, 4 type_attr string, "
        "5 number_attr string, 6 type_list_attr string, 16 is_ref bool"
    ),
    "OpDef.AttrDef": (
        "1 name string, 2 type string, 3 default_value AttrValue, "
        "4 description string, 5 has_minimum bool, 6 minimum int64, "
        "7 allowed_values AttrValue"
    ),
    "OpDeprecation": "1 version int32, 2 explanation string",
}

ENUMS: dict[str, str] = {
    "DataType": (
        "DT_INVALID 0, DT_FLOAT 1, DT_DOUBLE 2, DT_INT32 3, DT_UINT8 4, DT_INT16 5, "
        "DT_INT8 6, DT_STRING 7, DT_COMPLEX64 8, DT_INT64 9, DT_BOOL 10, DT_QINT8 11, "
        "DT_QUINT8 12, DT_QINT32 13, DT_BFLOAT16 14, DT_QINT16 15, DT_QUINT16 16, "
        "DT_UINT16 17, DT_COMPLEX128 18, DT_HALF 19, DT_RESOURCE 20, DT_VARIANT 21, "
        "DT_UINT32 22, DT_UINT64 23, DT_FLOAT_REF 101, DT_DOUBLE_REF 102, "
        "DT_INT32_REF 103, DT_UINT8_REF 104, DT_INT16_REF 105, DT_INT8_REF 106, "
        "DT_STRING_REF 107, DT_COMPLEX64_REF 108, DT_INT64_REF 109, DT_BOOL_REF 110, "
        "DT_QINT8_REF 111, DT_QUINT8_REF 112, DT_QINT32_REF 113, DT_BFLOAT16_REF 114, "
        "DT_QINT16_REF 115, DT_QUINT16_REF 116, DT_UINT16_REF 117, "
        "DT_COMPLEX128_REF 118, DT_HALF_REF 119, DT_RESOURCE_REF 120, "
        "DT_VARIANT_REF 121, DT_UINT32_REF 122, DT_UINT64_REF 123"
    ),
}
