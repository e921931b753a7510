"""Official speech models: what there is, fetching, unpacking, tuning, and trying one out."""
