"""The host's database: blocks' journals as they came, what people added, and what follows from both.

Three kinds of tables, and the difference is the design:

- *raw*: segments of journals byte for byte, pairs of host and block clock, who synced what.  Only ever
  added to.
- *edits*: wearers, which session is whose, reps taken out of the count.  Known by what the block numbered,
  so that they stay with their session and rep whatever a later decoder makes of the bytes.
- *decoded*: sessions, sets, reps, damage.  Follows from the other two; thrown away and made again at will.

``database`` opens one.  ``ingest`` is what a sync needs.  ``listing`` and ``details`` tell what is there,
``people`` and ``voiding`` edit it; ``plain``, ``wording`` and ``exporting`` bring it to programs and people.
"""
