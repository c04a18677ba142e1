"""One file per word: the pages people look at and post to."""
