using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The figures move by themselves.</summary>
[Collection(InBrowser.Name)]
public sealed partial class LiveTests(ServedDashboard served)
{
    [Fact]
    public Task Events_show_within_seconds() => served.VisitAsync(async page =>
    {
        var (_, events) = await served.AddProjectAsync("Busy", "busy-render");
        using var connection = events;
        await page.SignInAsync();
        var printed = await NumberAsync(page.Figure("#today", "Printed"));
        for (var n = 0; n < 30; n++)
        {
            Assert.True((await connection.PostAsync("busy-render", "printed", $"192.0.2.{n}", "{}"))!.IsRecorded);
            Assert.False((await connection.PostAsync("busy-render", "printed", $"192.0.2.{n}", "{}"))!.IsRecorded);
        }

        await Expect(page.Figure("#today", "Printed")).ToHaveTextAsync((printed + 30).ToString("N0", CultureInfo.InvariantCulture));
        var row = page.Page.Locator("#busiest tr").Filter(new() { HasText = "busy-render" });
        await Expect(row.Locator("td")).ToHaveTextAsync(["busy-render", "Busy", "30"]);

        // Recorded and duplicate are drawn: some second stands above the axis, which an even line would not.
        foreach (var kind in new[] { "recorded", "duplicate" })
            await Expect(page.Page.Locator($"#chart path.line.{kind}")).ToHaveAttributeAsync("d", PeakOnAxis());
    });

    [Fact]
    public Task The_chart_is_read_second_by_second_with_the_arrow_keys() => served.VisitAsync(async page =>
    {
        await page.SignInAsync();
        var readout = page.Page.Locator("#chart-readout");
        await page.Page.GetByRole(AriaRole.Slider).FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        await Expect(readout).ToHaveTextAsync(new Regex("^The last second: [0-9,]+ recorded, [0-9,]+ duplicate\\.$"));
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(readout).ToHaveTextAsync(new Regex("^2 s before: "));
        await page.Page.Keyboard.PressAsync("Home");
        await Expect(readout).ToHaveTextAsync(new Regex("^299 s before: "));
        await Expect(page.Page.Locator("#chart circle.recorded")).ToBeVisibleAsync();
    });

    [Fact]
    public Task Every_gauge_names_its_limit() => served.VisitAsync(async page =>
    {
        await page.SignInAsync();
        foreach (var (name, value) in new[]
        {
            ("Journal", "^[0-9.]+ (B|KiB|MiB) of 64\\.0 MiB$"), ("Writer behind", "^[0-9.]+ (µs|ms|s) of [0-9.]+ s$"),
            ("Write-ahead log", "^[0-9.]+ (B|KiB|MiB) of [0-9.]+ MiB$"), ("Window", "^[0-9,.]+ of [0-9,.]+[KMB]? keys$"),
        })
        {
            await Expect(page.Figure("#gauges", name)).ToHaveTextAsync(new Regex(value));
            await Expect(page.Page.GetByRole(AriaRole.Meter, new() { Name = name, Exact = true })).ToHaveAttributeAsync("aria-valuetext", new Regex(value));
        }
    });

    [Fact]
    public async Task A_service_that_stops_is_told_and_one_that_is_back_is_found_by_itself()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var admin = await AdminClient.StartAsync(folder);
        var url = await ServedDashboard.UrlAsync(folder);
        await served.VisitAsync(
            async page =>
            {
                page.AccountKey = admin.AccountKey;
                page.Provoked.Add("Failed to load resource: net::ERR_");
                await page.SignInAsync();
                await folder.Server.KillAsync();
                await Expect(page.State).ToHaveTextAsync("Stale");
                var notice = page.Page.Locator("#stale");
                await Expect(notice).ToHaveTextAsync(new Regex("^The connection is lost, and these figures are from [0-9-]+ [0-9:]+ UTC\\. Trying again by itself\\.$"));

                // No reload: the page finds it, and the list of projects as it is by then.
                await folder.OkAsync("project", "add", "Made meanwhile");
                await folder.StartAsync(arguments: ["--admin-url", url]);
                await Expect(page.State).ToHaveTextAsync("Live");
                await Expect(notice).ToBeHiddenAsync();
                await Expect(page.Button("Made meanwhile")).ToBeVisibleAsync();
            },
            url: url);
    }

    [Fact]
    public async Task A_connection_that_went_silent_is_given_up_and_opened_again()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var admin = await AdminClient.StartAsync(folder);
        await served.VisitAsync(
            async page =>
            {
                page.AccountKey = admin.AccountKey;
                await page.SignInAsync();
                var again = page.Page.WaitForRequestAsync("**/v1/stats/stream");
                folder.Server.Signal("STOP");
                await Expect(page.State).ToHaveTextAsync("Stale");
                await again;
                folder.Server.Signal("CONT");
                await Expect(page.State).ToHaveTextAsync("Live");
            },
            url: await ServedDashboard.UrlAsync(folder));
    }

    [Fact]
    public async Task A_service_that_is_not_ready_says_why_until_it_is()
    {
        await using var folder = await ServedFolder.CreateAsync(""", "maxBodyBytes": 4096, "journal": { "capacityBytes": 1048576 }""");
        using var admin = await AdminClient.StartAsync(folder);
        await served.VisitAsync(
            async page =>
            {
                page.AccountKey = admin.AccountKey;
                await page.SignInAsync();
                var (notice, journal) = (page.Page.Locator("#reasons"), page.Page.Locator("#gauges .gauge").First);
                using (SqliteShell.LockForWriting(folder.DataFile("events.db")))
                {
                    using var events = folder.Connect();
                    for (var n = 0; (await events.PostAsync("r0", "viewed", $"198.51.{n / 250}.{n % 250}", $$"""{"p":"{{new string('x', 3_800)}}"}"""))!.IsRecorded; n++)
                        Assert.True(n < 2_000, "a journal of 1 MiB had room for 2,000 events of 4 KB");
                    await Expect(page.State).ToHaveTextAsync("Not ready");
                    await Expect(notice).ToContainTextAsync("journal above its high-water mark");
                    await Expect(journal).ToHaveClassAsync("gauge high");
                }

                await Expect(page.State).ToHaveTextAsync("Live");
                await Expect(notice).ToBeHiddenAsync();
                await Expect(journal).ToHaveClassAsync("gauge");
            },
            url: await ServedDashboard.UrlAsync(folder));
    }

    [Fact]
    public async Task Where_nothing_is_yet_the_page_says_what_to_do_next()
    {
        await using var folder = await ServedFolder.CreateAsync();
        using var admin = await AdminClient.StartAsync(folder);
        await folder.OkAsync("project", "delete", ServedFolder.ProjectId);
        await served.VisitAsync(
            async page =>
            {
                page.AccountKey = admin.AccountKey;
                await page.SignInAsync();
                await Expect(page.Page.Locator("#chart-readout")).ToHaveTextAsync("No event in the last five minutes. The next one shows here within a second.");
                await Expect(page.Page.Locator("#busiest .empty")).ToContainTextAsync("No render has had an event today.");
                await Expect(page.Page.Locator("#lookup-result .empty")).ToContainTextAsync("Create one below.");
                await Expect(page.Page.Locator("#projects .empty")).ToContainTextAsync("There is no project yet.");

                await page.Page.GetByLabel("Name of a new project").FillAsync("First");
                await page.Button("Create project").ClickAsync();
                await Expect(page.Page.Locator("#project .empty")).ToHaveCountAsync(2);
                await Expect(page.Page.Locator("#project .empty").First).ToContainTextAsync("This project has no key yet");
                await Expect(page.Page.Locator("#project .empty").Last).ToContainTextAsync("This project has no render yet");
                await Expect(page.Page.Locator("#lookup-result .empty")).ToHaveCountAsync(0);
            },
            url: await ServedDashboard.UrlAsync(folder));
    }

    private static async Task<long> NumberAsync(ILocator figure) => long.Parse(await figure.InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    // The axis stands at 194 of the drawing's height, and so does a second without events.
    [GeneratedRegex("L[0-9.]+ (?!194)[0-9.]+L")]
    private static partial Regex PeakOnAxis();
}
