using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Bulk;

/// <summary>Bulk requests as bytes, and what comes back.</summary>
internal static class BulkRequests
{
    public const string NotFound = """{"error":{"code":"not_found","message":"No render with that id in this key's project."}}""";
    public const string InvalidJson = """{"error":{"code":"invalid_json","message":"The request body is not valid JSON."}}""";
    public const string TooLarge = """{"error":{"code":"payload_too_large","message":"The request body is too large."}}""";
    public const string TooMany = """{"error":{"code":"payload_too_large","message":"A bulk request holds at most 10,000 items. The rest was not looked at."}}""";
    public const string Recorded = """{"recorded":true}""";
    public const string Duplicate = """{"recorded":false}""";

    /// <summary>An item of the gateway's render.</summary>
    /// <param name="n">A number for its metadata.</param>
    /// <param name="more">Further members, each led by a comma.</param>
    public static string Item(int n, string more = "") =>
        $$$"""{"renderId":"{{{InMemoryGateway.Render}}}","eventType":"viewed","metadata":{"n":{{{n}}}}{{{more}}}}""";

    public static string Array(IEnumerable<string> items) => $"[{string.Join(',', items)}]";

    public static string Lines(IEnumerable<string> items) => string.Concat(items.Select(item => item + "\n"));

    public static byte[] Post(string body, string headers = "", string authorization = Requests.Authorization) =>
        Post(Encoding.UTF8.GetBytes(body), headers, authorization);

    public static byte[] Post(byte[] body, string headers = "", string authorization = Requests.Authorization) =>
        [.. Head(body.Length, headers, authorization), .. body];

    /// <summary>The head of a request whose body has a length.</summary>
    public static byte[] Head(long length, string headers = "", string authorization = Requests.Authorization) =>
        Requests.Raw($"POST /v1/events HTTP/1.1\r\nHost: edge\r\n{authorization}{headers}Content-Length: {length}\r\n\r\n");

    /// <summary>The head of a request whose body comes in chunks.</summary>
    public static byte[] ChunkedHead(string headers = "") =>
        Requests.Raw($"POST /v1/events HTTP/1.1\r\nHost: edge\r\n{Requests.Authorization}{headers}Transfer-Encoding: chunked\r\n\r\n");

    /// <summary>A chunk of such a body; an empty one ends it.</summary>
    public static byte[] Chunk(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. bytes, .. "\r\n"u8];
    }

    /// <summary>The results of an answer, each as compact JSON; the answer has to be one of this route.</summary>
    public static List<string> ResultsOf(RawResponse response)
    {
        Assert.Equal(200, response.Status);
        Assert.Equal("application/json", response.Header("Content-Type"));
        using var json = JsonDocument.Parse(response.Body);
        Assert.Equal(["results"], json.RootElement.EnumerateObject().Select(member => member.Name));
        var results = json.RootElement.GetProperty("results").EnumerateArray().Select(result => result.GetRawText()).ToList();
        Assert.Equal($$"""{"results":{{Array(results)}}}""", response.Body);
        return results;
    }

    /// <summary>Sends a whole request on a connection of its own.</summary>
    public static async Task<RawResponse> PostBulkAsync(this RunningServer server, string body, string headers = "") =>
        await server.PostBulkAsync(Encoding.UTF8.GetBytes(body), headers);

    /// <inheritdoc cref="PostBulkAsync(RunningServer, string, string)"/>
    public static async Task<RawResponse> PostBulkAsync(this RunningServer server, byte[] body, string headers = "")
    {
        await using var connection = await server.ConnectAsync();
        var sending = connection.SendAsync(Post(body, headers));
        var response = await connection.ReceiveAsync();
        await sending;
        return response;
    }
}
