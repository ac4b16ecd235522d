"""Training: global steps, optimizers, moving averages, savers."""
