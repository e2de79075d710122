"""What a block's journal says: records, damage, time and sessions, from bytes nobody vouches for."""
