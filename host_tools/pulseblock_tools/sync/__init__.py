"""From a block's journal to the database: only what is new, nothing lost, nothing doubled.

``plan`` decides what to fetch, ``fetching`` fetches it, ``syncing`` is the order in which things happen.
"""
