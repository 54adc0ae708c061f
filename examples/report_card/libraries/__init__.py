"""One module per library: `read` takes the body of a response, and `write`, if present, returns its result as JSON.

Each module follows the library's documentation and declares every constraint of the contract that the library can express.
Unknown properties are ignored, as a client of an API should do.
"""
