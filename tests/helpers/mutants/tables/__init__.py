"""Tables of mutants: the contract of a reader, and the bugs to plant in the reader."""
