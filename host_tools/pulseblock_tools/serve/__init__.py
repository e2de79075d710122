"""The training as a local web page: live while somebody trains, the sessions and reports behind it.

``sources`` bring a block's telemetry, in a thread of their own; ``hub`` keeps the latest picture; ``app``
sends it to the browser as server-sent events, and serves the pages; ``guard`` lets nobody else in.
"""
