// A sample reader of orders. It has a bug: it trusts the priority.

using System.Text.Json;

public class RejectedException(string message) : Exception(message);

public static class Reader
{
    static readonly Dictionary<string, int> Weights = new() { ["low"] = 1, ["high"] = 3 };

    public static object Read(byte[] body)
    {
        JsonElement order;
        string? id = null, priority = null;
        int quantity = 0;
        try
        {
            order = JsonSerializer.Deserialize<JsonElement>(body);
            if (order.ValueKind == JsonValueKind.Object)
            {
                if (order.TryGetProperty("id", out var text)) id = text.GetString();
                if (order.TryGetProperty("quantity", out var number)) quantity = number.GetInt32();
                if (order.TryGetProperty("priority", out var name)) priority = name.GetString();
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new RejectedException(error.Message);
        }
        if (string.IsNullOrEmpty(id)) throw new RejectedException("no id");
        if (quantity is < 1 or > 1000) throw new RejectedException("wrong quantity");
        if (priority is null) throw new RejectedException("wrong priority");
        return new { id, cost = quantity * Weights[priority] };
    }
}
