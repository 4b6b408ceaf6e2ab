using Microsoft.Playwright;

namespace CraftKit.Edge.Tests.Binary.Dashboard;

/// <summary>The browser of the dashboard's tests: the machine's own Chromium, without a window.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        Browser = browser;
    }

    public IBrowser Browser { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">There is none on this machine.</exception>
    public static async Task<Chromium> LaunchAsync()
    {
        var executable = Find();
        var playwright = await Playwright.CreateAsync();
        try
        {
            // Root has no user namespace to lock the browser into.
            return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, ChromiumSandbox = !Environment.IsPrivilegedProcess }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("There is no chromium on PATH, and the dashboard is tested in it. On Debian: apt-get install chromium fonts-dejavu-core");
}
