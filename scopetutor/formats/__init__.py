"""Files of TensorFlow, read and written without TensorFlow.

Reading order, and at the same time the order in which data flows upwards::

    what others call        what it stands on
    open_checkpoint.py      near_misses.py, checkpoint_state.py
    checkpoint.py           checkpoint_v2.py, checkpoint_v1.py, assemble.py
    checkpoint_writer.py    crash_safe.py, bundle_entry.py
      all of them           sstable.py, slices.py, arrays.py, file_ranges.py
    graph_files.py          pbtxt_reader.py, pbtxt.py
    tensors.py              arrays.py
      both of them          protos.py ◄ message.py ◄ schema.py ◄ fields.py ◄ wire.py
    events.py               records.py
    summaries.py            histogram.py, png.py

Whatever is wrong with a file ends in one ``FileFormatError`` (or
``FileMissingError``) that says what, where and what to try.

Nothing is imported here: listing a checkpoint must not pay for NumPy.
"""
