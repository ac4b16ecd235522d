"""The operations, one file per family; each says how they are shaped and computed."""
