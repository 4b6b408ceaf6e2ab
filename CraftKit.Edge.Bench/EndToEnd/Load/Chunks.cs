using System.Globalization;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Answers whose body comes in chunks.</summary>
internal static class Chunks
{
    /// <summary>Moves the chunks of an answer's body together, at the answer's beginning.</summary>
    /// <param name="answer">Head and body, whole.</param>
    /// <returns>The body.</returns>
    public static Span<byte> Join(Span<byte> answer)
    {
        var rest = answer[(answer.IndexOf("\r\n\r\n"u8) + 4)..];
        var body = 0;
        while (true)
        {
            var line = rest.IndexOf("\r\n"u8);
            var chunk = int.Parse(rest[..line], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (chunk == 0)
                return answer[..body];
            rest.Slice(line + 2, chunk).CopyTo(answer[body..]);
            body += chunk;
            rest = rest[(line + 2 + chunk + 2)..];
        }
    }
}
