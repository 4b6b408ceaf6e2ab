using System.Text;

namespace CraftKit.Edge.Tests.Http;

/// <summary>The bytes of requests.</summary>
internal static class Requests
{
    public const string Authorization = $"Authorization: Bearer {InMemoryGateway.Key}\r\n";

    public const string Viewed = """{"eventType":"viewed"}""";

    public static byte[] Event(string body, string headers = "", string id = InMemoryGateway.Render) => Event(Encoding.UTF8.GetBytes(body), headers, id);

    public static byte[] Event(byte[] body, string headers = "", string id = InMemoryGateway.Render) =>
        [.. Raw($"POST /v1/renders/{id}/events HTTP/1.1\r\nHost: edge\r\n{Authorization}{headers}Content-Length: {body.Length}\r\n\r\n"), .. body];

    public static byte[] ChunkedEventHead(string headers = "") =>
        Raw($"POST /v1/renders/{InMemoryGateway.Render}/events HTTP/1.1\r\nHost: edge\r\n{Authorization}{headers}Transfer-Encoding: chunked\r\n\r\n");

    public static byte[] Get(string target, string headers = "") => Request("GET", target, headers);

    public static byte[] Request(string method, string target, string headers = "") =>
        Raw($"{method} {target} HTTP/1.1\r\nHost: edge\r\n{headers}\r\n");

    /// <summary>One byte a character.</summary>
    public static byte[] Raw(string text) => Encoding.Latin1.GetBytes(text);
}
