"""Training: optimizers, savers, and sessions that watch over what they run.

Gradients come before, from ``engine/gradients.py``. Read optimizer and saver first,
then monitored_session; inputs by queues are here too, estimators are built on top.
"""
