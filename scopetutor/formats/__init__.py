"""Files of TensorFlow, read and written without TensorFlow.

Reading order, and at the same time the order in which data flows upwards::

    what people call                 what it stands on
    find_checkpoint.py               the folder, as people spell it
    checkpoint.py                    checkpoint_v2.py, checkpoint_v1.py
    checkpoint_writer.py             crash_safe.py
      both                           sstable.py, slices.py, arrays.py, checksum.py
    checkpoint_state.py              pbtxt.py
    graph_files.py, tensors.py       protos.py ► message.py ► schema.py ► wire.py
    events.py ► records.py           summaries.py ► histogram.py, png.py

Whatever is wrong with a file ends in one ``FileFormatError`` (or
``FileMissingError``) that says what, where and what to try.

Nothing is imported here: listing a checkpoint must not pay for NumPy.
"""
