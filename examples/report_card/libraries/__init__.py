"""One module for each library: `read` takes the body of a response, `write` (if there is one) makes JSON of what it returned.

Each is written as the library's users and its documentation write it, and tells the library all that the contract says, as far
as the library has a documented word for it. Properties that the contract does not name are let be, as clients of an API should.
"""
