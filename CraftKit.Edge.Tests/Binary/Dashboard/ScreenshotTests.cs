using System.Globalization;
using CraftKit.Edge.Tests.Docs;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The pictures of the README. They are taken by every run, and put into <c>docs/images</c> by one for which the environment variable
/// <c>CRAFTKIT_EDGE_SCREENSHOTS</c> says how many seconds of traffic they are to show; 300 fill the chart.</summary>
[Collection(InBrowser.Name)]
public sealed class ScreenshotTests(ServedDashboard served)
{
    private const string Portal = "Customer portal";

    private static int? Seconds =>
        Environment.GetEnvironmentVariable("CRAFTKIT_EDGE_SCREENSHOTS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    [Fact]
    public async Task The_page_is_pictured_light_dark_and_on_a_phone()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var admin = await AdminClient.StartAsync(folder);
        var url = await ServedDashboard.UrlAsync(folder);
        var renders = await ProvisionAsync(admin);
        var key = await admin.ExpectAsync(201, "POST", $"/v1/projects/{await PortalAsync(admin)}/keys", """{"name":"portal backend"}""");
        using var events = folder.Connect(key.GetProperty("key").GetString()!);
        using var enough = new CancellationTokenSource();
        var traffic = new SampleTraffic(events, renders).SendAsync(enough.Token);
        await Task.Delay(TimeSpan.FromSeconds(Seconds ?? 2), TestContext.Current.CancellationToken);

        await PictureAsync("light", new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 1280, Height = 1080 } }, page => Task.CompletedTask);
        await PictureAsync("dark", new() { ColorScheme = ColorScheme.Dark, ViewportSize = new() { Width = 1280, Height = 1080 } }, async page =>
        {
            await page.OpenProjectAsync(Portal);
            await page.LookUpAsync(Portal, renders[0]);
            await page.Page.Locator("#lookup-result summary").Nth(1).ClickAsync();
            await page.Page.EvaluateAsync("document.querySelector('#lookup').closest('section').scrollIntoView()");
        });
        await PictureAsync(
            "phone", new() { ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 375, Height = 812 }, DeviceScaleFactor = 2, IsMobile = true, HasTouch = true }, page => Task.CompletedTask);
        await enough.CancelAsync();
        await traffic;

        Task PictureAsync(string name, BrowserNewContextOptions options, Func<DashboardPage, Task> prepare) => served.VisitAsync(
            async page =>
            {
                page.AccountKey = admin.AccountKey;
                await page.SignInAsync();
                await Expect(page.Page.Locator("#busiest tbody tr").First).ToContainTextAsync(Portal);
                await prepare(page);
                var picture = await page.Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });
                Assert.True(picture.Length > 20_000, $"{name}: {picture.Length} bytes are an empty page");
                if (Seconds is not null)
                    await File.WriteAllBytesAsync(Repository.PathOf($"docs/images/dashboard-{name}.png"), picture);
            },
            options,
            url);
    }

    /// <summary>Puts projects into the place of the one that every folder has, and renders into the first.</summary>
    private static async Task<IReadOnlyList<string>> ProvisionAsync(AdminClient admin)
    {
        await admin.ExpectAsync(200, "DELETE", $"/v1/projects/{ServedFolder.ProjectId}");
        foreach (var name in new[] { "Insurance letters", "Brochures", Portal })
            await admin.ExpectAsync(201, "POST", "/v1/projects", $$"""{"name":"{{name}}"}""");
        var project = await PortalAsync(admin);
        var random = new Random(3);
        var renders = Enumerable.Range(0, 12).Select(n => $"0197b3c4-5d6e-7{random.Next(4096):x3}-9{random.Next(4096):x3}-{random.NextInt64(1L << 48):x12}").ToList();
        await admin.ExpectAsync(200, "POST", $"/v1/projects/{project}/renders", string.Join('\n', renders.Select((id, n) => n % 3 == 2 ? $$"""{"id":"{{id}}"}""" : $$"""{"id":"{{id}}","shareId":"s-7Hq{{n}}"}""")));
        await admin.ExpectAsync(201, "POST", $"/v1/projects/{project}/keys", """{"name":"mail relay"}""");
        return renders;
    }

    private static async Task<string> PortalAsync(AdminClient admin) =>
        (await admin.ExpectAsync(200, "GET", "/v1/projects")).GetProperty("projects").EnumerateArray().First(project => project.GetProperty("name").GetString() == Portal).GetProperty("id").GetString()!;
}
