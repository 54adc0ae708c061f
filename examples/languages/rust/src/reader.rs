// A sample reader of orders. It has a bug: it trusts the priority.

use serde_json::{json, Value};
use std::collections::HashMap;
use std::error::Error;

pub fn read(body: &[u8]) -> Result<Value, Box<dyn Error>> {
    let order: Value = serde_json::from_slice(body)?;
    let order = order.as_object().ok_or("not an object")?;
    let id = order.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).ok_or("no id")?;
    let quantity = order.get("quantity").and_then(Value::as_u64);
    let quantity = quantity.filter(|count| (1..=1000).contains(count)).ok_or("wrong quantity")?;
    let priority = order.get("priority").and_then(Value::as_str).ok_or("wrong priority")?;
    let weights = HashMap::from([("low", 1), ("high", 3)]);
    Ok(json!({"id": id, "cost": quantity * weights[priority]}))
}
