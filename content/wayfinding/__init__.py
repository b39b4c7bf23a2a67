"""Ways through the site for somebody who is asked for nothing: in a crisis, and 'Which level of care?'."""
