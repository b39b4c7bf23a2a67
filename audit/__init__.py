"""`make audit`: what the tests do not measure, by tools of others."""
