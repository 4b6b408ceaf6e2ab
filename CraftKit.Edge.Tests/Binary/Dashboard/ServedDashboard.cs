using System.Text.Json;
using Microsoft.Playwright;
using Xunit;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>One serving process and one browser for all tests of the dashboard. What a test changes is its own: see <see cref="AddProjectAsync(string)"/>.</summary>
public sealed class ServedDashboard : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ServedFolder? _folder;
    private AdminClient? _admin;
    private Chromium? _chromium;

    internal ServedFolder Folder => _folder!;

    internal AdminClient Admin => _admin!;

    /// <summary>Where the admin plane is, without a slash at the end.</summary>
    internal string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _chromium = await Chromium.LaunchAsync();
        _folder = await ServedFolder.CreateAsync();
        _admin = await AdminClient.StartAsync(_folder);
        Url = await UrlAsync(_folder);
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        _admin?.Dispose();
        if (_folder is not null)
            await _folder.DisposeAsync();
    }

    /// <summary>Where the process of a folder has its admin plane, without a slash at the end.</summary>
    internal static async Task<string> UrlAsync(ServedFolder folder) => (await AdminClient.UrlAsync(folder.Server)).TrimEnd('/');

    /// <summary>Makes a project.</summary>
    /// <returns>Its id.</returns>
    internal async Task<string> AddProjectAsync(string name) =>
        (await Admin.ExpectAsync(201, "POST", "/v1/projects", JsonSerializer.Serialize(new { name }))).GetProperty("id").GetString()!;

    /// <summary>Makes a project with a render, and a connection that sends events to it.</summary>
    internal async Task<(string ProjectId, EventClient Events)> AddProjectAsync(string name, string renderId, string? shareId = null)
    {
        var id = await AddProjectAsync(name);
        await Admin.ExpectAsync(201, "PUT", $"/v1/projects/{id}/renders/{renderId}", JsonSerializer.Serialize(new { shareId }));
        var key = await Admin.ExpectAsync(201, "POST", $"/v1/projects/{id}/keys");
        return (id, Folder.Connect(key.GetProperty("key").GetString()!));
    }

    /// <summary>Opens the page in a browser profile of its own, and afterwards looks whether it has met with any fault.</summary>
    /// <param name="visit">What is done there.</param>
    /// <param name="options">Of the profile: size, colours and the like.</param>
    /// <param name="url">Another admin plane than the common one.</param>
    internal async Task VisitAsync(Func<DashboardPage, Task> visit, BrowserNewContextOptions? options = null, string? url = null)
    {
        options ??= new();
        options.ViewportSize ??= new() { Width = 1280, Height = 900 };
        await using var context = await _chromium!.Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var page = new DashboardPage(await context.NewPageAsync(), url ?? Url, Admin.AccountKey);
        await page.OpenAsync();
        await visit(page);
        Assert.True(page.Faults.Count == 0, string.Join('\n', page.Faults));
    }
}
