"""Cases in columns: what is decided and dated of them is worked out once for all that are alike."""
