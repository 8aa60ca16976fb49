"""A desk on its way from a file to a server, or back: what goes along, how it is carried, and that it all arrived."""
