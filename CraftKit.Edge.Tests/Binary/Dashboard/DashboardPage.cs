using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The dashboard in a browser, and everything that went wrong there: errors and warnings of the console, among them violations of the page's
/// policy, errors of scripts, dialogs of the browser, and requests that go elsewhere or have the key in their address.</summary>
internal sealed class DashboardPage
{
    private readonly string _url;

    public DashboardPage(IPage page, string url, string accountKey)
    {
        Page = page;
        _url = url;
        AccountKey = accountKey;
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Dialog += async (_, dialog) =>
        {
            Note(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            Note(!request.Url.StartsWith(url + '/', StringComparison.Ordinal), $"request to elsewhere: {request.Url}");
            Note(request.Url.Contains("ck_", StringComparison.Ordinal), $"a key in an address: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>The key that <see cref="SignInAsync"/> presents.</summary>
    public string AccountKey { get; set; }

    /// <summary>What went wrong, a line each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the console may say, since the test provokes it.</summary>
    public List<string> Provoked { get; } = [];

    /// <summary>The part that is there for those who are signed in.</summary>
    public ILocator Dashboard => Page.Locator("#dashboard");

    /// <summary>Says that the page is live, stale and so on.</summary>
    public ILocator State => Page.Locator("#state");

    /// <summary>The question before something is lost.</summary>
    public ILocator Question => Page.GetByRole(AriaRole.Dialog);

    public Task OpenAsync() => Page.GotoAsync(_url + "/");

    /// <summary>Signs in and waits for the first figures and the list of projects.</summary>
    public async Task SignInAsync()
    {
        await PresentKeyAsync(AccountKey);
        await Expect(State).ToHaveTextAsync("Live");
        await Expect(Page.Locator("#projects > *")).ToHaveCountAsync(1);
    }

    /// <summary>Fills the form and sends it.</summary>
    public async Task PresentKeyAsync(string key)
    {
        await Page.GetByLabel("Account key").FillAsync(key);
        await Button("Sign in").ClickAsync();
    }

    /// <summary>Opens a project of the list.</summary>
    public async Task OpenProjectAsync(string name)
    {
        await Button(name).ClickAsync();
        await Expect(Page.Locator("#project h3").First).ToHaveTextAsync(name);
        await Expect(Page.Locator("#project h3").First).ToBeFocusedAsync();
        await Expect(Page.Locator("#project .panel")).ToHaveCountAsync(3);
    }

    /// <summary>Looks a render up.</summary>
    public async Task LookUpAsync(string project, string renderId)
    {
        await Page.Locator("#lookup-project").SelectOptionAsync(new SelectOptionValue { Label = project });
        await Page.Locator("#lookup-render").FillAsync(renderId);
        await Button("Show engagement").ClickAsync();
    }

    /// <summary>The button of this name.</summary>
    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The figure under a name of a list.</summary>
    public ILocator Figure(string list, string name) =>
        Page.Locator($"{list} div").Filter(new() { Has = Page.Locator("dt", new() { HasTextRegex = new Regex($"^{Regex.Escape(name)}$") }) }).Locator("dd").First;

    private void Note(bool isFault, string text)
    {
        if (isFault && !Provoked.Any(provoked => text.Contains(provoked, StringComparison.Ordinal)))
            Faults.Add(text);
    }
}
