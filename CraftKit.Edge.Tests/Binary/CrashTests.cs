using System.Globalization;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>SIGKILL at any moment loses nothing that was acknowledged, stores nothing twice and does not forget the window (docs/API.md, guarantees 1
/// to 3).</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Kills = 10;

    // More threads than the default on a small machine, so that claims of one key do meet.
    private static readonly Dictionary<string, string> ManyThreads = new() { ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "4" };

    [Theory]
    [InlineData("journal")]
    [InlineData("fsync")]
    public async Task Ten_kills_under_load_lose_nothing_and_store_nothing_twice(string durability)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync($", \"durability\": \"{durability}\"");
        for (var kill = 1; kill <= Kills; kill++)
        {
            await folder.StartAsync(ManyThreads);
            await AssertRememberedAsync(folder, told, random);
            var load = new EventLoad(told, kill);
            var running = load.RunAsync(() => folder.Connect(), CancellationToken.None);
            await Task.Delay(random.Next(20, 700));
            await folder.Server.KillAsync();
            await running;
            output.WriteLine($"kill {kill}: {load.Sent} sent, {told.RecordedCount} true, {told.DuplicateCount} false, {told.UnansweredCount} cut off in all");
            if (kill % 3 == 0)
                told.AssertKept(await folder.ExportAsync());
            if (kill % 3 == 1)
                await KillAReplayAsync(folder, random);
        }

        var exported = await folder.ExportAsync();
        told.AssertKept(exported);
        Assert.Equal(0, (await folder.RunAsync("check", "--full")).ExitCode);
        Assert.True(told.RecordedCount > 20 * Kills, "the load was no load");
        Assert.True(told.DuplicateCount > 10 * Kills, "the load had no duplicates");

        // What the next process serves is the same, and so is what it says.
        await folder.StartAsync();
        await AssertRememberedAsync(folder, told, random);
        await folder.StopAsync();
        Assert.Equal(exported, await folder.ExportAsync());
    }

    [Fact]
    public async Task A_duplicate_stays_one_through_a_kill_and_the_answer_false_keeps_its_event()
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync();
        for (var round = 0; round < 5; round++)
        {
            await folder.StartAsync();
            using var client = folder.Connect();
            for (var before = 0; before < round; before++)
                Assert.True((await told.PostAsync(client, DedupeScope.Number(before).ToLike()))!.IsDuplicate);
            Assert.True((await told.PostAsync(client, DedupeScope.Number(round)))!.IsRecorded);
            Assert.True((await told.PostAsync(client, DedupeScope.Number(round).ToLike()))!.IsDuplicate);
            await folder.Server.KillAsync();
        }

        told.AssertKept(await folder.ExportAsync());
        Assert.Equal(5, told.RecordedCount);
    }

    [Fact]
    public async Task Engagement_after_a_kill_counts_what_was_acknowledged_before_it()
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (var client = folder.Connect())
        {
            for (var n = 0; n < 500; n++)
                Assert.True((await told.PostAsync(client, new DedupeScope("r0", "viewed", $"10.0.{n >> 8}.{n & 255}")))!.IsRecorded);
            await folder.Server.KillAsync();
        }

        await folder.StartAsync();
        using var reader = folder.Connect();
        var engagement = await reader.GetAsync("/v1/renders/r0/engagement");
        Assert.Equal(200, engagement!.Status);
        Assert.Contains("\"counts\":{\"viewed\":500,", engagement.Body, StringComparison.Ordinal);
        Assert.Contains("\"linkOpens\":500,\"total\":500,", engagement.Body, StringComparison.Ordinal);
        Assert.Contains("\"recent\":[{", engagement.Body, StringComparison.Ordinal);
        Assert.Contains(500.ToString(CultureInfo.InvariantCulture), engagement.Body[engagement.Body.IndexOf("recent", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    /// <summary>What was told true is a duplicate for a new process from its first answer on: the newest of them, and some of the others.</summary>
    private static async Task AssertRememberedAsync(ServedFolder folder, Told told, Random random)
    {
        var recorded = told.Recorded.Order().ToList();
        using var client = folder.Connect();
        for (var i = 0; i < Math.Min(20, recorded.Count); i++)
        {
            var scope = told.ScopeOf(i < 10 ? recorded[^(i + 1)] : recorded[random.Next(recorded.Count)]);
            var answer = await told.PostAsync(client, i % 2 == 0 ? scope : scope.ToLike());
            Assert.True(answer is { IsDuplicate: true }, $"{scope} was forgotten: {answer}");
        }
    }

    /// <summary>A process that is cut off while it replays the journal, and a command that is.</summary>
    private static async Task KillAReplayAsync(ServedFolder folder, Random random)
    {
        foreach (var arguments in new string[][] { ["serve"], ["events", "export"] })
        {
            await using var process = EdgeProcess.Start(folder.FolderPath, arguments);
            await Task.Delay(random.Next(10, EdgeProcess.IsBinary ? 80 : 400));
            await process.KillAsync();
        }
    }
}
