using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawResponse(string StatusLine, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    public int Status => int.Parse(StatusLine.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The code of an error body, which must have exactly the members that docs/API.md gives.</summary>
    public string Code
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            Assert.Equal(["error"], json.RootElement.EnumerateObject().Select(member => member.Name));
            var error = json.RootElement.GetProperty("error");
            var code = error.GetProperty("code").GetString()!;
            string[] expected = code == "invalid_request" ? ["code", "message", "issues"] : ["code", "message"];
            Assert.Equal(expected, error.EnumerateObject().Select(member => member.Name));
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
            Assert.Equal("application/json", Header("Content-Type"));
            return code;
        }
    }

    /// <summary>The issues of an error body as compact JSON.</summary>
    public string Issues
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.GetProperty("error").GetProperty("issues").GetRawText();
        }
    }

    /// <summary>The header's one value; null without it.</summary>
    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).SingleOrDefault();
}
