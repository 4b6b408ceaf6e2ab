using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>One render's engagement.</summary>
[Collection(InBrowser.Name)]
public sealed class LookupTests(ServedDashboard served)
{
    [Fact]
    public Task A_render_is_looked_up_with_its_events_and_their_metadata() => served.VisitAsync(async page =>
    {
        var (_, events) = await served.AddProjectAsync("Looked up", "looked-up", "shared-by");
        using var connection = events;
        Assert.True((await connection.PostAsync("looked-up", "viewed", "192.0.2.1", """{"page":3}"""))!.IsRecorded);
        Assert.True((await connection.PostAsync("looked-up", "viewed", "192.0.2.2", """{"n":12345678901234567890,"sum":1.50}"""))!.IsRecorded);
        Assert.True((await connection.PostAsync("looked-up", "downloaded", "2001:db8::1", """{"nested":{"list":[1,null,true]}}"""))!.IsRecorded);
        await page.SignInAsync();
        await page.LookUpAsync("Looked up", "looked-up");

        var result = page.Page.Locator("#lookup-result");
        await Expect(result.Locator(".figures dd")).ToHaveTextAsync(["2", "1", "0", "2", "3"]);
        var rows = result.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.Nth(0).Locator("td").Nth(1)).ToHaveTextAsync("Downloaded");
        await Expect(rows.Nth(0).Locator("td").Nth(3)).ToHaveTextAsync("shared-by");
        await Expect(rows.Nth(0).Locator("td").Nth(4)).ToHaveTextAsync("2001:db8::1");

        // Every digit, though a script's numbers hold no more than sixteen of them.
        await Expect(rows.Nth(1).Locator("summary")).ToHaveTextAsync("""{"n":12345678901234567890,"sum":1.50}""");
        await Expect(rows.Nth(0).Locator("pre")).ToBeHiddenAsync();
        await rows.Nth(0).Locator("summary").ClickAsync();
        Assert.Equal("{\n  \"nested\": {\n    \"list\": [\n      1,\n      null,\n      true\n    ]\n  }\n}", await rows.Nth(0).Locator("pre").InnerTextAsync());
    });

    [Fact]
    public Task A_render_without_events_and_one_that_is_unknown_are_told_apart() => served.VisitAsync(async page =>
    {
        page.Provoked.Add("status of 404");
        (await served.AddProjectAsync("Quiet", "quiet-render")).Events.Dispose();
        await page.SignInAsync();
        await page.LookUpAsync("Quiet", "quiet-render");
        await Expect(page.Page.Locator("#lookup-result .empty")).ToHaveTextAsync("This render is known and has had no event yet.");
        await page.LookUpAsync("Quiet", "unknown-render");
        await Expect(page.Page.Locator("#lookup-result .empty")).ToContainTextAsync("Quiet has no render unknown-render.");
    });

    [Fact]
    public Task A_busy_render_is_looked_up_with_one_click() => served.VisitAsync(async page =>
    {
        var (_, events) = await served.AddProjectAsync("Clicked", "clicked");
        using var connection = events;
        for (var n = 0; n < 50; n++)
            await connection.PostAsync("clicked", "viewed", $"198.51.100.{n}", "{}");
        await page.SignInAsync();
        await page.Page.Locator("#busiest").GetByRole(AriaRole.Button, new() { Name = "clicked", Exact = true }).ClickAsync();

        await Expect(page.Page.Locator("#lookup-result h3")).ToHaveTextAsync("clicked");
        await Expect(page.Page.Locator("#lookup-result .figures dd").Last).ToHaveTextAsync("50");
        await Expect(page.Page.Locator("#lookup-result tbody tr")).ToHaveCountAsync(25);
    });
}
