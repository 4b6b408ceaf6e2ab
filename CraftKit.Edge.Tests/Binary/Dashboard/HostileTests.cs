using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>What comes from outside is shown as the text that it is.</summary>
[Collection(InBrowser.Name)]
public sealed class HostileTests(ServedDashboard served)
{
    /// <summary>Texts that would do something if anybody read them as markup, as script, as an attribute, or as a direction of writing.</summary>
    private static readonly string[] Texts =
    [
        "<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "\" onmouseover=\"alert(3)\" x='", "${alert(4)} {{7*7}} &lt;b&gt; &amp;",
        "javascript:alert(5)", "\u202Egnp.exe\u202C שלום مرحبا", "<svg onload=alert(6)><style>body{display:none}</style>",
    ];

    [Fact]
    public Task Names_metadata_and_user_agents_are_shown_as_text() => served.VisitAsync(async page =>
    {
        var name = string.Join(' ', Texts)[..120];
        var (project, events) = await served.AddProjectAsync(name, "hostile");
        using var connection = events;
        foreach (var text in Texts)
            await served.Admin.ExpectAsync(201, "POST", $"/v1/projects/{project}/keys", JsonSerializer.Serialize(new { name = text }));
        for (var n = 0; n < Texts.Length; n++)
            await PostAsync(connection, n, Texts[n]);
        await page.SignInAsync();

        await page.OpenProjectAsync(name);
        foreach (var text in Texts)
            await Expect(page.Page.GetByRole(AriaRole.Cell, new() { Name = text, Exact = true })).ToHaveCountAsync(1);
        await page.LookUpAsync(name, "hostile");
        var rows = page.Page.Locator("#lookup-result tbody tr");
        await Expect(rows).ToHaveCountAsync(Texts.Length);
        for (var n = 0; n < Texts.Length; n++)
        {
            // Newest first.
            var row = rows.Nth(Texts.Length - 1 - n);
            Assert.Equal(UserAgentOf(Texts[n]), await row.Locator("td").Nth(5).TextContentAsync());
            await row.Locator("summary").ClickAsync();
            using var shown = JsonDocument.Parse((await row.Locator("pre").TextContentAsync())!);
            Assert.Equal(Texts[n], shown.RootElement.GetProperty(Texts[n]).GetString());
        }

        await page.Button($"Delete project {name}").ClickAsync();
        await Expect(page.Question.GetByRole(AriaRole.Heading)).ToHaveTextAsync($"Delete the project {name}?");

        // A name that turns the direction of writing turns its own letters alone.
        await Expect(page.Question.Locator("h2 bdi")).ToHaveTextAsync(name);
        await page.Button("Keep it").ClickAsync();

        // Nothing of it became an element: the page has those that it makes, and no more.
        Assert.Equal(1, await page.Page.Locator("img").CountAsync());
        Assert.Equal(1, await page.Page.Locator("script").CountAsync());
        Assert.Equal(0, await page.Page.Locator("style, iframe, object, [onerror], [onload], [onmouseover]").CountAsync());
    });

    [Fact]
    public Task The_policy_stops_what_a_fault_of_the_page_would_let_in() => served.VisitAsync(async page =>
    {
        // The page's own safety is not relied on alone: even put in as markup by a script of the page, nothing runs.
        page.Provoked.AddRange(["TrustedHTML", "Content Security Policy", "Trusted Type"]);
        var outcome = await page.Page.EvaluateAsync<string>(
            """
            () => {
              try { document.body.innerHTML = '<img src=x onerror=alert(1)>'; return 'put in'; }
              catch (fault) { return fault.name; }
            }
            """);
        Assert.Equal("TypeError", outcome);
        Assert.False(await page.Page.EvaluateAsync<bool>("() => fetch('https://192.0.2.1/').then(() => true, () => false)"));
    });

    private static async Task PostAsync(EventClient connection, int n, string text)
    {
        var metadata = JsonSerializer.Serialize(new Dictionary<string, string> { [text] = text });
        var body = $$"""{"eventType":"viewed","metadata":{{metadata}}}""";
        var answer = await connection.SendAsync(
            $"POST /v1/renders/hostile/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {connection.ApiKey}\r\nX-Forwarded-For: 203.0.113.{n}\r\n"
            + $"User-Agent: {UserAgentOf(text)}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        Assert.True(answer!.IsRecorded);
    }

    private static string UserAgentOf(string text) => $"Mozilla/5.0 {text}";
}
