"""Everything that `make run` does before and while the site serves. Imports nothing of the apps by itself."""
