"""How cards are searched: what words mean, who is called by them, and the two ways of listing the newest."""
