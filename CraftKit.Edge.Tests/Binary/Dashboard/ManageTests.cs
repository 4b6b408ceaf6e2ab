using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>Projects, keys and renders are kept from the page.</summary>
[Collection(InBrowser.Name)]
public sealed partial class ManageTests(ServedDashboard served)
{
    [Fact]
    public Task A_project_is_created_renamed_and_deleted() => served.VisitAsync(async page =>
    {
        await page.SignInAsync();
        await page.Page.GetByLabel("Name of a new project").FillAsync("Brochures");
        await page.Button("Create project").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = "Brochures", Exact = true })).ToBeFocusedAsync();
        await page.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Catalogues");
        await page.Button("Rename project").ClickAsync();
        await Expect(page.Button("Catalogues")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("#lookup-project option", new() { HasText = "Catalogues" })).ToHaveCountAsync(1);

        await page.Page.GetByLabel("Name of a new key").FillAsync("web shop");
        await page.Button("Create key").ClickAsync();
        await Expect(page.Page.Locator(".secret pre")).ToBeVisibleAsync();
        await page.Page.GetByLabel("Id of a render").FillAsync("catalogue-1");
        await page.Button("Add render").ClickAsync();
        await Expect(page.Page.Locator("#project td.id", new() { HasText = "catalogue-1" })).ToBeVisibleAsync();

        await page.Button("Delete project Catalogues").ClickAsync();
        await Expect(page.Question).ToContainTextAsync("Delete the project Catalogues?");
        await Expect(page.Question).ToContainTextAsync("Keys that open nothing any more: web shop.");
        await Expect(page.Question).ToContainTextAsync("Renders that can no longer be reached: 1.");
        await Expect(page.Question).ToContainTextAsync("Events stay stored");
        await page.Button("Keep it").ClickAsync();
        await Expect(page.Button("Delete project Catalogues")).ToBeFocusedAsync();
        Assert.Contains("Catalogues", await ProjectsAsync(), StringComparison.Ordinal);

        await page.Button("Delete project Catalogues").ClickAsync();
        await page.Button("Delete project").ClickAsync();
        await Expect(page.Button("Catalogues")).ToHaveCountAsync(0);
        await Expect(page.Page.Locator("#project")).ToBeEmptyAsync();
        Assert.DoesNotContain("Catalogues", await ProjectsAsync(), StringComparison.Ordinal);
    });

    [Fact]
    public Task A_key_is_shown_once_works_and_is_revoked() => served.VisitAsync(async page =>
    {
        var project = await served.AddProjectAsync("Keys");
        await served.Admin.ExpectAsync(201, "PUT", $"/v1/projects/{project}/renders/key-render");
        await page.SignInAsync();
        await page.OpenProjectAsync("Keys");
        await page.Page.GetByLabel("Name of a new key").FillAsync("backend");
        await page.Button("Create key").ClickAsync();
        var shown = page.Page.Locator(".secret pre");
        await Expect(shown).ToHaveTextAsync(Key());
        var key = await shown.InnerTextAsync();
        var row = page.Page.Locator("#project tr").Filter(new() { HasText = "backend" });
        await Expect(row.Locator("td").Nth(1)).ToHaveTextAsync(key[..13] + "…");
        await Expect(row.Locator("td").Nth(3)).ToHaveTextAsync("never");
        using (var events = served.Folder.Connect(key))
            Assert.True((await events.PostAsync("key-render", "viewed", "192.0.2.1", "{}"))!.IsRecorded);

        await page.Button("Hide the new key").ClickAsync();
        await Expect(shown).ToHaveCountAsync(0);
        Assert.DoesNotContain(key, await page.Page.ContentAsync(), StringComparison.Ordinal);

        await page.Page.ReloadAsync();
        await page.OpenProjectAsync("Keys");
        await Expect(row.Locator("td").Nth(3)).ToHaveTextAsync(new Regex("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}$"));
        await page.Button("Revoke key backend").ClickAsync();
        await Expect(page.Question).ToContainTextAsync("Revoke the key backend?");
        await Expect(page.Question).ToContainTextAsync($"Whatever presents {key[..13]}… is answered with 401 from now on.");
        await page.Button("Revoke key").ClickAsync();
        await Expect(row.Locator("td").Last).ToHaveTextAsync(new Regex("^revoked [0-9-]+ [0-9:]+$"));
        using (var events = served.Folder.Connect(key))
            Assert.Equal(401, (await events.GetAsync("/v1/renders/key-render/engagement"))!.Status);
    });

    [Fact]
    public Task Renders_are_added_paged_and_deleted() => served.VisitAsync(async page =>
    {
        var project = await served.AddProjectAsync("Renders");
        var lines = string.Join('\n', Enumerable.Range(0, 60).Select(n => $$"""{"id":"paged-{{n:D2}}"}"""));
        await served.Admin.ExpectAsync(200, "POST", $"/v1/projects/{project}/renders", lines);
        await page.SignInAsync();
        await page.OpenProjectAsync("Renders");
        var rows = page.Page.Locator($"#renders-{project} tbody tr");
        await Expect(rows).ToHaveCountAsync(25);
        await page.Button("Next page of renders").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("paged-25");
        await page.Button("Next page of renders").ClickAsync();
        await Expect(rows).ToHaveCountAsync(10);
        await page.Button("First page of renders").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("paged-00");

        await page.Page.GetByLabel("Id of a render").FillAsync("paged-");
        await page.Page.GetByLabel("Share, if it has one").FillAsync("a-share");
        await page.Button("Add render").ClickAsync();
        await Expect(rows.First.Locator("td").Nth(0)).ToHaveTextAsync("paged-");
        await Expect(rows.First.Locator("td").Nth(1)).ToHaveTextAsync("a-share");
        await page.Button("Delete render paged-").ClickAsync();
        await Expect(page.Question).ToContainTextAsync("Events for paged- are answered with 404 from now on");
        await Expect(page.Question).ToContainTextAsync("0 events");
        await page.Button("Delete render").ClickAsync();
        await Expect(rows.First).ToContainTextAsync("paged-00");
        Assert.Equal(404, (await served.Admin.SendAsync("GET", $"/v1/projects/{project}/renders/paged-")).Status);
    });

    [Fact]
    public Task A_refusal_of_the_service_stands_beside_what_was_asked() => served.VisitAsync(async page =>
    {
        page.Provoked.Add("status of 409");
        await served.AddProjectAsync("Refused");
        await page.SignInAsync();
        await page.OpenProjectAsync("Refused");
        await page.Page.GetByLabel("Id of a render").FillAsync("r0");
        await page.Button("Add render").ClickAsync();
        await Expect(page.Page.Locator("#project .fault", new() { HasText = "Another project has a render with that id" })).ToBeVisibleAsync();
    });

    private async Task<string> ProjectsAsync() => (await served.Admin.SendAsync("GET", "/v1/projects")).Body;

    [GeneratedRegex("^ck_live_[0-9A-Za-z]{32,}$")]
    private static partial Regex Key();
}
