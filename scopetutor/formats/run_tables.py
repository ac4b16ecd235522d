"""What a session is told and what it tells: options and statistics.

The field names and numbers of TensorFlow 1.15.5, in the notation of
``schema.py``. ``protos.py`` makes classes of them.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "ConfigProto": (
        "1 device_count {string int32}, 2 intra_op_parallelism_threads int32, "
        "3 placement_period int32, 4 device_filters string*, "
        "5 inter_op_parallelism_threads int32, 6 gpu_options GPUOptions, "
        "7 allow_soft_placement bool, 8 log_device_placement bool, "
        "9 use_per_session_threads bool, 10 graph_options GraphOptions, "
        "11 operation_timeout_in_ms int64, "
        "12 session_inter_op_thread_pool ThreadPoolOptionProto*, "
        "13 rpc_options RPCOptions, 14 cluster_def ClusterDef, "
        "15 isolate_session_state bool, 16 experimental ConfigProto.Experimental"
    ),
    "ConfigProto.Experimental": (
        "1 collective_group_leader string, 3 executor_type string, "
        "4 recv_buf_max_chunk int32, 5 use_numa_affinity bool, "
        "6 collective_deterministic_sequential_execution bool, 7 collective_nccl bool, "
        "8 share_session_state_in_clusterspec_propagation bool, "
        "9 disable_thread_spinning bool, 10 share_cluster_devices_in_session bool, "
        "11 session_metadata SessionMetadata, 12 optimize_for_static_graph bool"
    ),
    "SessionMetadata": "1 name string, 2 version int64",
    "GPUOptions": (
        "1 per_process_gpu_memory_fraction double, 2 allocator_type string, "
        "3 deferred_deletion_bytes int64, 4 allow_growth bool, "
        "5 visible_device_list string, 6 polling_active_delay_usecs int32, "
        "7 polling_inactive_delay_msecs int32, 8 force_gpu_compatible bool, "
        "9 experimental GPUOptions.Experimental"
    ),
    "GPUOptions.Experimental": (
        "1 virtual_devices GPUOptions.Experimental.VirtualDevices*, "
        "2 use_unified_memory bool, 3 num_dev_to_dev_copy_streams int32, "
        "4 collective_ring_order string, 5 timestamped_allocator bool, "
        "7 kernel_tracker_max_interval int32, 8 kernel_tracker_max_bytes int32, "
        "9 kernel_tracker_max_pending int32"
    ),
    "GPUOptions.Experimental.VirtualDevices": "1 memory_limit_mb float*",
    "GraphOptions": (
        "2 enable_recv_scheduling bool, 3 optimizer_options OptimizerOptions, "
        "4 build_cost_model int64, 5 infer_shapes bool, 6 place_pruned_graph bool, "
        "7 enable_bfloat16_sendrecv bool, 8 timeline_step int32, "
        "9 build_cost_model_after int64, 10 rewrite_options RewriterConfig"
    ),
    "OptimizerOptions": (
        "1 do_common_subexpression_elimination bool, 2 do_constant_folding bool, "
        "3 opt_level OptimizerOptions.Level, 4 do_function_inlining bool, "
        "5 global_jit_level OptimizerOptions.GlobalJitLevel, "
        "6 max_folded_constant_in_bytes int64"
    ),
    "RewriterConfig": (
        "1 layout_optimizer RewriterConfig.Toggle, 2 disable_model_pruning bool, "
        "3 constant_folding RewriterConfig.Toggle, "
        "4 memory_optimization RewriterConfig.MemOptType, "
        "5 auto_parallel AutoParallelOptions, "
        "6 memory_optimizer_target_node_name_scope string, "
        "7 arithmetic_optimization RewriterConfig.Toggle, "
        "8 dependency_optimization RewriterConfig.Toggle, "
        "9 loop_optimization RewriterConfig.Toggle, "
        "10 function_optimization RewriterConfig.Toggle, "
        "11 debug_stripper RewriterConfig.Toggle, "
        "12 meta_optimizer_iterations RewriterConfig.NumIterationsType, "
        "13 shape_optimization RewriterConfig.Toggle, "
        "14 remapping RewriterConfig.Toggle, "
        "15 scoped_allocator_optimization RewriterConfig.Toggle, "
        "16 scoped_allocator_opts ScopedAllocatorOptions, 17 min_graph_nodes int32, "
        "18 pin_to_host_optimization RewriterConfig.Toggle, "
        "19 disable_meta_optimizer bool, 20 meta_optimizer_timeout_ms int64, "
        "21 fail_on_optimizer_errors bool, "
        "22 implementation_selector RewriterConfig.Toggle, "
        "23 auto_mixed_precision RewriterConfig.Toggle, 100 optimizers string*, "
        "200 custom_optimizers RewriterConfig.CustomGraphOptimizer*, "
        "300 inter_optimizer_verifier_config VerifierConfig, "
        "301 post_optimization_verifier_config VerifierConfig"
    ),
    "RewriterConfig.CustomGraphOptimizer": (
        "1 name string, 2 parameter_map {string AttrValue}"
    ),
    "AutoParallelOptions": "1 enable bool, 2 num_replicas int32",
    "ScopedAllocatorOptions": "1 enable_op string*",
    "VerifierConfig": (
        "1 verification_timeout_in_ms int64, 2 structure_verifier VerifierConfig.Toggle"
    ),
    "ThreadPoolOptionProto": "1 num_threads int32, 2 global_name string",
    "RPCOptions": (
        "1 use_rpc_for_inprocess_master bool, 2 compression_algorithm string, "
        "3 compression_level int32, 4 cache_rpc_response bool, "
        "5 disable_session_connection_sharing bool"
    ),
    "ClusterDef": "1 job JobDef*",
    "JobDef": "1 name string, 2 tasks {int32 string}",
    "ServerDef": (
        "1 cluster ClusterDef, 2 job_name string, 3 task_index int32, "
        "4 default_session_config ConfigProto, 5 protocol string"
    ),
    "RunOptions": (
        "1 trace_level RunOptions.TraceLevel, 2 timeout_in_ms int64, "
        "3 inter_op_thread_pool int32, 5 output_partition_graphs bool, "
        "6 debug_options DebugOptions, 7 report_tensor_allocations_upon_oom bool, "
        "8 experimental RunOptions.Experimental"
    ),
    "RunOptions.Experimental": (
        "1 collective_graph_key int64, 2 use_run_handler_pool bool"
    ),
    "DebugOptions": (
        "4 debug_tensor_watch_opts DebugTensorWatch*, 10 global_step int64, "
        "11 reset_disk_byte_usage bool"
    ),
    "DebugTensorWatch": (
        "1 node_name string, 2 output_slot int32, 3 debug_ops string*, "
        "4 debug_urls string*, 5 tolerate_debug_op_creation_failures bool"
    ),
    "RunMetadata": (
        "1 step_stats StepStats, 2 cost_graph CostGraphDef, "
        "3 partition_graphs GraphDef*, 4 function_graphs RunMetadata.FunctionGraphs*"
    ),
    "RunMetadata.FunctionGraphs": (
        "1 partition_graphs GraphDef*, 2 pre_optimization_graph GraphDef, "
        "3 post_optimization_graph GraphDef"
    ),
    "StepStats": "1 dev_stats DeviceStepStats*",
    "DeviceStepStats": (
        "1 device string, 2 node_stats NodeExecStats*, 3 thread_names {uint32 string}"
    ),
    "NodeExecStats": (
        "1 node_name string, 2 all_start_micros int64, 3 op_start_rel_micros int64, "
        "4 op_end_rel_micros int64, 5 all_end_rel_micros int64, "
        "6 memory AllocatorMemoryUsed*, 7 output NodeOutput*, 8 timeline_label string, "
        "9 scheduled_micros int64, 10 thread_id uint32, "
        "11 referenced_tensor AllocationDescription*, 12 memory_stats MemoryStats, "
        "13 all_start_nanos int64, 14 op_start_rel_nanos int64, "
        "15 op_end_rel_nanos int64, 16 all_end_rel_nanos int64, "
        "17 scheduled_nanos int64"
    ),
    "NodeOutput": "1 slot int32, 3 tensor_description TensorDescription",
    "TensorDescription": (
        "1 dtype DataType, 2 shape TensorShapeProto, "
        "4 allocation_description AllocationDescription"
    ),
    "AllocationDescription": (
        "1 requested_bytes int64, 2 allocated_bytes int64, 3 allocator_name string, "
        "4 allocation_id int64, 5 has_single_reference bool, 6 ptr uint64"
    ),
    "AllocationRecord": "1 alloc_micros int64, 2 alloc_bytes int64",
    "AllocatorMemoryUsed": (
        "1 allocator_name string, 2 total_bytes int64, 3 peak_bytes int64, "
        "4 live_bytes int64, 5 allocator_bytes_in_use int64, "
        "6 allocation_records AllocationRecord*"
    ),
    "MemoryStats": (
        "1 temp_memory_size int64, 2 device_temp_memory_size int64, "
        "3 persistent_memory_size int64, 4 device_persistent_memory_size int64, "
        "5 persistent_tensor_alloc_ids int64*, "
        "6 device_persistent_tensor_alloc_ids int64*"
    ),
    "CostGraphDef": "1 node CostGraphDef.Node*",
    "CostGraphDef.Node": (
        "1 name string, 2 device string, 3 id int32, "
        "4 input_info CostGraphDef.Node.InputInfo*, "
        "5 output_info CostGraphDef.Node.OutputInfo*, 6 temporary_memory_size int64, "
        "7 is_final bool, 8 control_input int32*, 9 compute_cost int64, "
        "10 host_temp_memory_size int64, 11 device_temp_memory_size int64, "
        "12 persistent_memory_size int64, 14 compute_time int64, 15 memory_time int64, "
        "16 device_persistent_memory_size int64, 17 inaccurate bool"
    ),
    "CostGraphDef.Node.InputInfo": "1 preceding_node int32, 2 preceding_port int32",
    "CostGraphDef.Node.OutputInfo": (
        "1 size int64, 2 alias_input_port int64, 3 shape TensorShapeProto, "
        "4 dtype DataType"
    ),
    # what `tf.test.Benchmark` reports
    "BenchmarkEntries": "1 entry BenchmarkEntry*",
    "BenchmarkEntry": (
        "1 name string, 2 iters int64, 3 cpu_time double, 4 wall_time double, "
        "5 throughput double, 6 extras {string EntryValue}, 7 metrics MetricEntry*"
    ),
    "EntryValue": "1 double_value double @kind, 2 string_value string @kind",
    "MetricEntry": (
        "1 name string, 2 value double, 3 min_value DoubleValue, "
        "4 max_value DoubleValue"
    ),
    "DoubleValue": "1 value double",
}

ENUMS: dict[str, str] = {
    "OptimizerOptions.Level": "L1 0, L0 -1",
    "OptimizerOptions.GlobalJitLevel": "DEFAULT 0, OFF -1, ON_1 1, ON_2 2",
    "RewriterConfig.Toggle": "DEFAULT 0, ON 1, OFF 2, AGGRESSIVE 3",
    "RewriterConfig.NumIterationsType": "DEFAULT_NUM_ITERS 0, ONE 1, TWO 2",
    "RewriterConfig.MemOptType": (
        "DEFAULT_MEM_OPT 0, NO_MEM_OPT 1, MANUAL 2, SWAPPING_HEURISTICS 4, "
        "RECOMPUTATION_HEURISTICS 5, SCHEDULING_HEURISTICS 6, HEURISTICS 3"
    ),
    "VerifierConfig.Toggle": "DEFAULT 0, ON 1, OFF 2",
    "RunOptions.TraceLevel": (
        "NO_TRACE 0, SOFTWARE_TRACE 1, HARDWARE_TRACE 2, FULL_TRACE 3"
    ),
}
