// A sample reader of orders. It has a bug: it trusts the priority.

export class RejectedError extends Error {}

const PRIORITIES = { low: { weight: 1 }, high: { weight: 3 } };

export function read(bytes) {
  let order;
  try {
    order = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw new RejectedError(error.message);
  }
  if (order === null || typeof order !== "object" || Array.isArray(order)) throw new RejectedError("not an object");
  const { id, quantity, priority } = order;
  if (typeof id !== "string" || id === "") throw new RejectedError("no id");
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1000) throw new RejectedError("wrong quantity");
  if (typeof priority !== "string") throw new RejectedError("wrong priority");
  return { id, cost: quantity * PRIORITIES[priority].weight };
}
