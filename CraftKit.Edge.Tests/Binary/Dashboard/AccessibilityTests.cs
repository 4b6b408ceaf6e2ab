using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The page is for everybody: by keyboard alone, on a phone, in both schemes of colours, with names that are read out, and without motion.</summary>
[Collection(InBrowser.Name)]
public sealed partial class AccessibilityTests(ServedDashboard served)
{
    [Fact]
    public Task The_keyboard_alone_signs_in_and_deletes_a_project() => served.VisitAsync(async page =>
    {
        await served.AddProjectAsync("By keyboard");
        var keyboard = page.Page.Keyboard;
        await Expect(page.Page.GetByLabel("Account key")).ToBeFocusedAsync();
        await keyboard.TypeAsync(page.AccountKey);
        await keyboard.PressAsync("Enter");
        await Expect(page.Button("Delete project By keyboard")).ToBeVisibleAsync();

        await TabToAsync(page, "Delete project By keyboard");
        await keyboard.PressAsync("Enter");
        await Expect(page.Button("Keep it")).ToBeFocusedAsync();

        // The list is made anew behind the question.
        await served.AddProjectAsync("Made behind the question");
        await Expect(page.Page.Locator("#projects")).ToContainTextAsync("Made behind the question");
        await keyboard.PressAsync("Escape");
        await Expect(page.Question).ToHaveCountAsync(0);
        await Expect(page.Button("Delete project By keyboard")).ToBeFocusedAsync();

        await keyboard.PressAsync("Enter");
        await Expect(page.Button("Keep it")).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await Expect(page.Button("Delete project")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(page.Button("Delete project By keyboard")).ToHaveCountAsync(0);
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Projects", Exact = true })).ToBeFocusedAsync();
    });

    [Fact]
    public Task The_focus_stays_where_it_is_while_figures_move() => served.VisitAsync(async page =>
    {
        var (_, events) = await served.AddProjectAsync("Focus", "focused");
        using var connection = events;
        for (var n = 0; n < 60; n++)
            await connection.PostAsync("focused", "viewed", $"192.0.2.{n}", "{}");
        await page.SignInAsync();
        var busy = page.Page.Locator("#busiest").GetByRole(AriaRole.Button, new() { Name = "focused", Exact = true });
        await busy.FocusAsync();
        for (var n = 60; n < 70; n++)
            await connection.PostAsync("focused", "viewed", $"192.0.2.{n}", "{}");
        await Expect(page.Page.Locator("#busiest tr").Filter(new() { HasText = "focused" }).Locator("td").Last).ToHaveTextAsync("70");
        await Expect(busy).ToBeFocusedAsync();
    });

    [Fact]
    public Task Every_control_has_a_name() => served.VisitAsync(async page =>
    {
        var seen = new List<string>();
        await EachStateAsync(page, async () => seen.AddRange((await page.Page.Locator("body").AriaSnapshotAsync()).Split('\n').Where(line => Control().IsMatch(line))));

        Assert.True(seen.Count > 60, string.Join('\n', seen));
        Assert.DoesNotContain(seen, line => !Named().IsMatch(line));
    });

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public Task Every_text_stands_out_from_what_is_behind_it(ColorScheme scheme) => served.VisitAsync(
        async page =>
        {
            var (count, faults) = (0, new HashSet<string>());
            await EachStateAsync(page, async () =>
            {
                var measured = await page.Page.EvaluateAsync<string[]>(Contrast.Script);
                count += measured.Length;
                faults.UnionWith(measured.Where(line => double.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) < 4.5));
            });

            Assert.True(count > 300, $"{count} texts");
            Assert.Empty(faults);
        },
        new() { ColorScheme = scheme });

    [Fact]
    public Task A_phone_of_375_pixels_never_scrolls_sideways() => served.VisitAsync(
        page => EachStateAsync(page, async () =>
        {
            Assert.Equal(375, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.Equal("[]", await page.Page.EvaluateAsync<string>(
                "JSON.stringify([...document.querySelectorAll('button, input, select')].map((node) => node.getBoundingClientRect()).filter((box) => box.width > 0 && box.height < 24))"));
        }),
        new() { ViewportSize = new() { Width = 375, Height = 812 }, HasTouch = true, IsMobile = true });

    [Theory]
    [InlineData(ReducedMotion.Reduce, 0)]
    [InlineData(ReducedMotion.NoPreference, 0.3)]
    public Task Nothing_moves_for_those_who_do_not_want_it(ReducedMotion motion, double seconds) => served.VisitAsync(
        async page =>
        {
            await page.SignInAsync();
            Assert.Equal(seconds, await page.Page.EvaluateAsync<double>(
                "Math.max(...[...document.querySelectorAll('*')].map(getComputedStyle).flatMap((style) => [style.transitionDuration, style.animationDuration]).map(parseFloat))"));
        },
        new() { ReducedMotion = motion });

    /// <summary>Brings the page into each of its states: signed out, with everything open, with a question, with a notice.</summary>
    private async Task EachStateAsync(DashboardPage page, Func<Task> look)
    {
        page.Provoked.AddRange(["status of 404", "Failed to load resource: net::ERR_FAILED"]);
        var name = $"A rather long name of a project, that has-one-word-which-does-not-break-{Guid.NewGuid():N}";
        var longId = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";
        var (project, events) = await served.AddProjectAsync(name, longId, longId[1..]);
        using var connection = events;
        await connection.PostAsync(longId, "viewed", "2001:db8:1234:5678:9abc:def0:1234:5678", $$"""{"word":"{{new string('w', 300)}}"}""");
        var revoked = await served.Admin.ExpectAsync(201, "POST", $"/v1/projects/{project}/keys", """{"name":"revoked"}""");
        await served.Admin.ExpectAsync(200, "DELETE", $"/v1/projects/{project}/keys/{revoked.GetProperty("id").GetString()}");

        await look();
        await page.SignInAsync();
        await page.OpenProjectAsync(name);
        await page.Button("Create key").ClickAsync();
        await Expect(page.Page.Locator(".secret pre")).ToBeVisibleAsync();
        await page.LookUpAsync(name, longId);
        await page.Page.Locator("#lookup-result summary").ClickAsync();
        await look();

        await page.Button($"Delete project {name}").ClickAsync();
        await Expect(page.Question).ToBeVisibleAsync();
        await look();
        await page.Button("Keep it").ClickAsync();
        await page.Button("Rename project").ClickAsync();
        await Expect(page.Page.Locator("#toast")).ToContainTextAsync("is called");
        await page.LookUpAsync(name, "unknown");
        await Expect(page.Page.Locator("#lookup-result .empty")).ToBeVisibleAsync();
        await page.Page.RouteAsync("**/v1/stats/stream", route => route.AbortAsync());
        await page.Page.ReloadAsync();
        await Expect(page.Page.Locator("#stale")).ToBeVisibleAsync();
        await look();
    }

    private static async Task TabToAsync(DashboardPage page, string name)
    {
        for (var presses = 0; presses < 150; presses++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var (label, outline) = (await page.Page.EvaluateAsync<string?>("document.activeElement.getAttribute('aria-label')"),
                await page.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
            Assert.Equal("solid", outline);
            if (label == name)
                return;
        }

        Assert.Fail($"150 times Tab did not lead to {name}");
    }

    [GeneratedRegex("^ *- '?(button|link|textbox|combobox|slider|meter|region|dialog|img|table)\\b")]
    private static partial Regex Control();

    [GeneratedRegex("^ *- '?[a-z]+ \"[^\"]+|^ *- table:|^ *- img$")]
    private static partial Regex Named();
}
