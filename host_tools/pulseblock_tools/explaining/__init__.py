"""Why a rep got its verdict: what was measured beside its limits, and a picture of the session."""
