"""The search machine of `/v2`: a noun a module, one way to filter, sort, page and show rows."""
