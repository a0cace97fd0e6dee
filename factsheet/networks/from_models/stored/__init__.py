"""Read what is in files of weights: headers, shards, packed matrices, and formats that are only named."""
