"""A rulebook's files -> its entries, typed: the tree, its format, declarations, merging, amending."""
