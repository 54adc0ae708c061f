from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
  from ..models.order import Order
  from ..models.order_page_paging import OrderPagePaging





T = TypeVar("T", bound="OrderPage")



@_attrs_define
class OrderPage:
    """ 
        Attributes:
            orders (list[Order]):
            paging (OrderPagePaging | Unset):
     """

    orders: list[Order]
    paging: OrderPagePaging | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)





    def to_dict(self) -> dict[str, Any]:
        from ..models.order import Order # noqa: PLC0415
        from ..models.order_page_paging import OrderPagePaging # noqa: PLC0415
        orders = []
        for orders_item_data in self.orders:
            orders_item = orders_item_data.to_dict()
            orders.append(orders_item)



        paging: dict[str, Any] | Unset = UNSET
        if not isinstance(self.paging, Unset):
            paging = self.paging.to_dict()


        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({
            "orders": orders,
        })
        if paging is not UNSET:
            field_dict["paging"] = paging

        return field_dict



    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.order import Order # noqa: PLC0415
        from ..models.order_page_paging import OrderPagePaging # noqa: PLC0415
        d = dict(src_dict)
        orders = []
        _orders = d.pop("orders")
        for orders_item_data in (_orders):
            orders_item = Order.from_dict(orders_item_data)



            orders.append(orders_item)


        _paging = d.pop("paging", UNSET)
        paging: OrderPagePaging | Unset
        if isinstance(_paging,  Unset):
            paging = UNSET
        else:
            paging = OrderPagePaging.from_dict(_paging)




        order_page = cls(
            orders=orders,
            paging=paging,
        )


        order_page.additional_properties = d
        return order_page

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
