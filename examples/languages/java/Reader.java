// A sample reader of orders. It has a bug: it trusts the priority.

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;

public class Reader {
    public static class RejectedException extends Exception {
        RejectedException(String message) {
            super(message);
        }
    }

    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    static final Map<String, Integer> WEIGHTS = Map.of("low", 1, "high", 3);

    public static Object read(byte[] body) throws RejectedException {
        JsonNode order;
        try {
            order = JSON.readTree(body);
        } catch (IOException error) {
            throw new RejectedException(error.getMessage());
        }
        if (!order.isObject()) throw new RejectedException("not an object");
        JsonNode id = order.path("id"), quantity = order.path("quantity"), priority = order.path("priority");
        if (!id.isTextual() || id.textValue().isEmpty()) throw new RejectedException("no id");
        if (!quantity.isInt() || quantity.intValue() < 1 || quantity.intValue() > 1000) {
            throw new RejectedException("wrong quantity");
        }
        if (!priority.isTextual()) throw new RejectedException("wrong priority");
        int weight = WEIGHTS.get(priority.textValue());
        return Map.of("id", id.textValue(), "cost", quantity.intValue() * weight);
    }
}
