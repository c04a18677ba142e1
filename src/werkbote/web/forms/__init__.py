"""One file per word: forms validate, they do not save."""
