"""SavedModels: a graph with its values and signatures in one folder."""
