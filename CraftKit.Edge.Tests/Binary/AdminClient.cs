using System.Text;
using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A client of a serving process' admin plane.</summary>
internal sealed class AdminClient(string url, string accountKey) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Serves a folder with the admin plane on a free port, and connects with a new account key.</summary>
    public static async Task<AdminClient> StartAsync(ServedFolder folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var created = JsonDocument.Parse(await folder.OkAsync("account", "key", "create", "--json"));
        var server = await folder.StartAsync(environment, arguments: ["--admin-url", "http://127.0.0.1:0"]);
        return new AdminClient(await UrlAsync(server), created.RootElement.GetProperty("key").GetString()!);
    }

    /// <summary>Where a serving process says that its admin plane is.</summary>
    public static async Task<string> UrlAsync(EdgeProcess server)
    {
        const string Announcement = "admin plane on ";
        var line = await server.WaitForErrorAsync(Announcement);
        return line[(line.IndexOf(Announcement, StringComparison.Ordinal) + Announcement.Length)..].Split(' ', ',', '"')[0];
    }

    /// <summary>The account key that requests present.</summary>
    public string AccountKey => accountKey;

    /// <summary>Sends a request.</summary>
    /// <returns>Status and body.</returns>
    public async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + accountKey);
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends a request that must have the status.</summary>
    public async Task<JsonElement> ExpectAsync(int status, string method, string path, string? body = null)
    {
        var answer = await SendAsync(method, path, body);
        Assert.True(answer.Status == status, $"{method} {path}: {answer}");
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.Clone();
    }

    public void Dispose() => _client.Dispose();
}
