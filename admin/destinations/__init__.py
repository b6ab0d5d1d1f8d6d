"""Where a number leads, for people: chosen in a form (`field`), out of what the tenant has (`choices`), and drawn (`ways`)."""
