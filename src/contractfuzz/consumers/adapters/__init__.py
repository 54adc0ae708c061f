"""One module for each sort of consumer that is recognised: each turns its sort into something that can be called with a case."""
