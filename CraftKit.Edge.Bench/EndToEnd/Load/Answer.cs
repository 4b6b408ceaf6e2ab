namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>An answer to an event: one of the two that there are.</summary>
/// <param name="IsRecorded">Which.</param>
/// <param name="Length">Its bytes, head included.</param>
internal readonly record struct Answer(bool IsRecorded, int Length)
{
    private const string Recorded = """{"recorded":true}""", Duplicate = """{"recorded":false}""";

    /// <summary>Reads a whole answer; its body may come in one chunk.</summary>
    /// <exception cref="InvalidOperationException">It is neither of the two.</exception>
    public static Answer Read(string text)
    {
        var parts = text.Split("\r\n\r\n", 2);
        var isChunked = parts[0].Contains("\r\nTransfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
        var body = isChunked ? parts[1].Split("\r\n")[1] : parts[1];
        return text.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal) && body is Recorded or Duplicate
            ? new Answer(body == Recorded, text.Length)
            : throw new InvalidOperationException($"Not an answer to an event: {text}");
    }
}
