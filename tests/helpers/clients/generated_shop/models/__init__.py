""" Contains all the data models used in inputs/outputs """

from .new_order import NewOrder
from .order import Order
from .order_page import OrderPage
from .order_page_paging import OrderPagePaging
from .order_page_paging_next import OrderPagePagingNext
from .order_state import OrderState
from .problem import Problem

__all__ = (
    "NewOrder",
    "Order",
    "OrderPage",
    "OrderPagePaging",
    "OrderPagePagingNext",
    "OrderState",
    "Problem",
)
