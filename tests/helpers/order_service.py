"""A contract of orders, and the sources of readers of it: with known bugs, and fixed."""

DOCUMENT = {
    "title": "order",
    "type": "object",
    "properties": {"state": {"enum": ["open", "paid"]}, "count": {"type": "integer", "minimum": 1}},
    "required": ["state"],
}
KNOWN_BUGS = """
def read(order):
    if not isinstance(order, dict) or order.get("state") not in ("open", "paid"):
        raise ValueError("state")
    return order
"""
NEW_BUG = KNOWN_BUGS.replace('order.get("state")', 'order["state"]')
FIXED = KNOWN_BUGS.replace(
    "    return order",
    "    if type(order.get('count', 1)) is not int or order.get('count', 1) < 1:\n"
    "        raise ValueError('count')\n    return order",
)
