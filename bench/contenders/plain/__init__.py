"""A website as Django's tutorial leads to it: stock settings, stock middleware, models, views, templates."""
