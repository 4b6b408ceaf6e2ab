using System.Globalization;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A service that nobody asks leaves the processor alone: no thread of it spins or looks too often.</summary>
[Collection(Undisturbed.Name)]
public sealed class RestTests(ITestOutputHelper output)
{
    [Fact]
    public async Task At_rest_it_wakes_up_a_few_times_a_second_and_uses_next_to_no_processor_time()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the numbers are read from /proc");
        const int Seconds = 10;
        await using var folder = await ServedFolder.CreateAsync();
        var server = await folder.StartAsync(arguments: ["--admin-url", "http://127.0.0.1:0"]);
        using (var client = folder.Connect())
            Assert.Equal(200, (await client.GetAsync("/v1/renders/r0/engagement"))!.Status);

        // The thread pool and a runtime that compiles settle first.
        await Task.Delay(TimeSpan.FromSeconds(EdgeProcess.IsBinary ? 5 : 10), TestContext.Current.CancellationToken);
        var before = Sum(server.Id);
        await Task.Delay(TimeSpan.FromSeconds(Seconds), TestContext.Current.CancellationToken);
        var after = Sum(server.Id);

        var (wakes, processor) = ((after.Wakes - before.Wakes) / (double)Seconds, (after.Nanoseconds - before.Nanoseconds) / (Seconds * 1e9));
        output.WriteLine($"{wakes:F1} wake-ups a second, {processor:P3} of a processor");

        // Ten a second where this was written. The time that each takes is the machine's, cold caches and all; it is measured by hand, at
        // less than 0.1 %.
        Assert.InRange(wakes, 0.1, 15);
        Assert.InRange(processor, 0, 0.01);
    }

    private static (long Wakes, long Nanoseconds) Sum(int process)
    {
        var (wakes, nanoseconds) = (0L, 0L);
        foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
        {
            nanoseconds += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            wakes += File.ReadLines(Path.Combine(thread, "status"))
                .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
                .Sum(line => long.Parse(line.AsSpan(line.IndexOf(':') + 1).Trim(), CultureInfo.InvariantCulture));
        }
        return (wakes, nanoseconds);
    }
}
