# A sample reader of orders. It has a bug: it trusts the priority.
require "json"

class RejectedError < StandardError; end

WEIGHTS = { "low" => 1, "high" => 3 }.freeze

def read(body)
  text = body.dup.force_encoding(Encoding::UTF_8)
  raise RejectedError, "not UTF-8" unless text.valid_encoding?

  begin
    order = JSON.parse(text)
  rescue JSON::ParserError => error
    raise RejectedError, error.message
  end
  raise RejectedError, "not an object" unless order.is_a?(Hash)

  id, quantity, priority = order.values_at("id", "quantity", "priority")
  raise RejectedError, "no id" unless id.is_a?(String) && !id.empty?
  raise RejectedError, "wrong quantity" unless quantity.is_a?(Integer) && quantity.between?(1, 1000)
  raise RejectedError, "wrong priority" unless priority.is_a?(String)

  { id: id, cost: quantity * WEIGHTS.fetch(priority) }
end
