// Adapter for: contractfuzz check --command bin/Release/net8.0/adapter --persistent
using System.Text;
using System.Text.Json;

var answers = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
Console.SetOut(Console.Error); // standard output is for answers

while (Console.In.ReadLine() is { } line)
{
    using var request = JsonDocument.Parse(line);
    var id = request.RootElement.GetProperty("id").GetInt64();
    var body = request.RootElement.TryGetProperty("base64", out var base64)
        ? base64.GetBytesFromBase64()
        : Encoding.UTF8.GetBytes(request.RootElement.GetProperty("body").GetString()!);
    object answer;
    try
    {
        answer = new { id, verdict = "accepted", result = Reader.Read(body) }; // your reader
    }
    catch (Exception error)
    {
        var verdict = error is RejectedException ? "rejected" : "crashed";
        answer = new { id, verdict, error = error.ToString() };
    }
    answers.WriteLine(JsonSerializer.Serialize(answer));
}
