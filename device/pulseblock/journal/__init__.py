"""What the block keeps of a training: records, the files they go into, and raw traces."""
