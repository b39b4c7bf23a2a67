"""`make bench`: what the site costs, beside what else could have been used."""
