<?php
// A sample reader of orders. It has a bug: it trusts the priority.
declare(strict_types=1);

final class RejectedException extends Exception
{
}

const WEIGHTS = ['low' => 1, 'high' => 3];

function read(string $body): array
{
    try {
        $order = json_decode($body, false, 512, JSON_THROW_ON_ERROR);
    } catch (JsonException $error) {
        throw new RejectedException($error->getMessage());
    }
    $id = $order->id ?? null;
    $quantity = $order->quantity ?? null;
    $priority = $order->priority ?? null;
    if (!is_object($order)) {
        throw new RejectedException('not an object');
    }
    if (!is_string($id) || $id === '') {
        throw new RejectedException('no id');
    }
    if (!is_int($quantity) || $quantity < 1 || $quantity > 1000) {
        throw new RejectedException('wrong quantity');
    }
    if (!is_string($priority)) {
        throw new RejectedException('wrong priority');
    }
    return ['id' => $id, 'cost' => $quantity * WEIGHTS[$priority]];
}
