using System.Text.Json;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The account key opens the page and is kept for its tab alone.</summary>
[Collection(InBrowser.Name)]
public sealed class SignInTests(ServedDashboard served)
{
    private const string Kept = "JSON.stringify([document.cookie, { ...localStorage }, Object.values(sessionStorage)])";

    [Fact]
    public Task The_key_is_kept_for_the_tab_and_nowhere_else() => served.VisitAsync(async page =>
    {
        await page.SignInAsync();
        Assert.Equal($$"""["",{},["{{page.AccountKey}}"]]""", await page.Page.EvaluateAsync<string>(Kept));
        Assert.Empty(await page.Page.Context.CookiesAsync());
        Assert.Equal("", await page.Page.Locator("#account-key").InputValueAsync());
        Assert.DoesNotContain(page.AccountKey, await page.Page.ContentAsync(), StringComparison.Ordinal);

        await page.Page.ReloadAsync();
        await Expect(page.State).ToHaveTextAsync("Live");
        var other = await page.Page.Context.NewPageAsync();
        await other.GotoAsync(served.Url + "/");
        await Expect(other.Locator("#sign-in")).ToBeVisibleAsync();
    });

    [Fact]
    public Task Signing_out_leaves_nothing_behind() => served.VisitAsync(async page =>
    {
        await served.AddProjectAsync("Left behind");
        await page.SignInAsync();
        await page.OpenProjectAsync("Left behind");
        await page.Button("Create key").ClickAsync();
        await Expect(page.Page.Locator(".secret pre")).ToContainTextAsync("ck_live_");

        await page.Button("Sign out").ClickAsync();
        await Expect(page.Page.Locator("#sign-in")).ToBeVisibleAsync();
        await Expect(page.Page.GetByLabel("Account key")).ToBeFocusedAsync();
        await Expect(page.Dashboard).ToBeHiddenAsync();
        Assert.Equal("""["",{},[]]""", await page.Page.EvaluateAsync<string>(Kept));
        var content = await page.Page.ContentAsync();
        Assert.DoesNotContain("ck_live_", content, StringComparison.Ordinal);
        Assert.DoesNotContain("Left behind", content, StringComparison.Ordinal);

        await page.SignInAsync();
    });

    [Fact]
    public Task A_wrong_key_is_told_and_not_kept() => served.VisitAsync(async page =>
    {
        page.Provoked.Add("status of 401");
        await page.PresentKeyAsync("ck_acct_ThisKeyIsKnownToNobodyAtAll0123456789");

        await Expect(page.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToHaveTextAsync("The service does not know this account key, or it was revoked.");
        await Expect(page.Dashboard).ToBeHiddenAsync();
        Assert.Equal("""["",{},[]]""", await page.Page.EvaluateAsync<string>(Kept));
        await page.SignInAsync();
    });

    [Fact]
    public Task A_key_of_a_project_is_not_even_sent() => served.VisitAsync(async page =>
    {
        await page.PresentKeyAsync(served.Folder.ApiKey);

        Assert.Equal("An account key begins with ck_acct_", await page.Page.Locator("#account-key:invalid").GetAttributeAsync("title"));
        await Expect(page.Dashboard).ToBeHiddenAsync();
    });

    [Fact]
    public Task A_key_that_is_revoked_signs_out_with_the_next_request() => served.VisitAsync(async page =>
    {
        using var made = JsonDocument.Parse(await served.Folder.OkAsync("account", "key", "create", "--json"));
        page.AccountKey = made.RootElement.GetProperty("key").GetString()!;
        page.Provoked.Add("status of 401");
        await ExpectKnownAsync(page.AccountKey);
        await page.SignInAsync();
        await served.Folder.OkAsync("account", "key", "revoke", made.RootElement.GetProperty("id").GetString()!);
        await page.Page.ReloadAsync();

        await Expect(page.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToHaveTextAsync("The service does not know this account key, or it was revoked.");
        Assert.Equal("""["",{},[]]""", await page.Page.EvaluateAsync<string>(Kept));
    });

    // Another process made the key; the serving one knows it within a second.
    private async Task ExpectKnownAsync(string key)
    {
        using var client = new AdminClient(served.Url, key);
        for (var attempt = 0; (await client.SendAsync("GET", "/v1/projects")).Status != 200; attempt++)
        {
            Assert.True(attempt < 100, "the new account key is not known after ten seconds");
            await Task.Delay(100);
        }
    }
}
