using System.Diagnostics;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>With durability <c>fsync</c> both answers come only after the event's commit has been synced (docs/API.md, guarantee 4); with <c>journal</c> they do not
/// wait for it.</summary>
public sealed class DurabilityTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task Fsync_answers_true_and_false_only_after_a_sync_of_the_commit()
    {
        var rounds = await TraceRoundsAsync("fsync");
        for (var round = 0; round < Rounds; round++)
            Assert.True(rounds[round], $"round {round} was answered without a sync that began after its request");
    }

    [Fact]
    public async Task Journal_answers_without_a_sync()
    {
        // Also what shows that the other test can tell.
        var rounds = await TraceRoundsAsync("journal");
        Assert.True(rounds.Count(synced => !synced) > Rounds / 2, "answers waited for syncs");
    }

    [Fact]
    public async Task Journal_syncs_what_it_answered_within_the_flush_interval_also_without_more_traffic()
    {
        await using var folder = await ServedFolder.CreateAsync();
        var log = Path.Combine(folder.FolderPath, "calls");
        await folder.StartAsync(under: Strace.Calls(log, "sendto,sendmsg,write,pwrite64,fsync,fdatasync"));
        using (var client = folder.Connect())
        {
            for (var n = 1; n <= 8; n++)
            {
                Assert.True((await client.PostAsync(DedupeScope.Number(n), n))!.IsRecorded);
                await Task.Delay(n is 1 or 8 ? 2500 : 300);
            }
        }

        // What a stop syncs does not count.
        await folder.Server.KillAsync();
        var trace = await Trace.ReadAsync(log);
        var answers = trace.Calls.Where(call => call.Text.Contains("{\\\"recorded\\\":", StringComparison.Ordinal)).ToList();
        var writes = trace.Calls.Where(call => call.Name == "pwrite64" && call.Succeeded && OfLog(call)).ToList();
        Assert.Equal(8, answers.Count);
        foreach (var answer in answers)
        {
            // Answers are given before the rows are written, so the sync has to come after the first write that follows.
            var stored = writes.Find(write => write.Begin > answer.Begin);
            Assert.True(stored is not null, "nothing was written to the log");
            var sync = trace.Calls.FirstOrDefault(call => IsSync(call) && call.Begin > stored.End && call.EndTime < answer.BeginTime + 1.5);
            Assert.True(sync is not null, $"no sync within 1.5 s of the answer {answer.BeginTime:F3}; all: {string.Join(' ', trace.Calls.Where(IsSync).Select(call => $"{call.EndTime:F3}"))}");
        }
    }

    [Fact]
    public async Task A_replay_is_synced_before_the_journal_is_emptied()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (SqliteShell.LockForWriting(folder.DataFile("events.db")))
        using (var client = folder.Connect())
        {
            for (var n = 1; n <= 50; n++)
                Assert.True((await client.PostAsync(DedupeScope.Number(n), n))!.IsRecorded);
            await folder.Server.KillAsync();
        }
        var log = Path.Combine(folder.FolderPath, "calls");
        await folder.StartAsync(under: Strace.Calls(log, "pwrite64,fsync,fdatasync,msync"));
        await folder.Server.KillAsync();
        var calls = (await Trace.ReadAsync(log)).Calls;
        var emptied = calls.First(call => call.Name == "msync");
        var written = calls.Last(call => call.Name == "pwrite64" && OfLog(call) && call.Begin < emptied.Begin);
        Assert.Contains(calls, call => IsSync(call) && call.Begin > written.End && call.End < emptied.Begin);
        Assert.Equal(50, (await folder.ExportAsync()).Count);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("journal")]
    public async Task An_acknowledged_event_is_in_the_database_in_time(string durability)
    {
        await using var folder = await ServedFolder.CreateAsync($", \"durability\": \"{durability}\"");
        await folder.StartAsync();
        using var client = folder.Connect();
        for (var n = 1; n <= 10; n++)
        {
            Assert.True((await client.PostAsync(DedupeScope.Number(n), n))!.IsRecorded);
            // Fsync: at the moment of the answer. Journal: within a second, without further traffic.
            if (durability == "journal")
                await Task.Delay(1000);
            Assert.Equal($"{n}", SqliteShell.Run(folder.DataFile("events.db"), "SELECT count(*) FROM events"));
        }
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("journal")]
    public async Task A_sync_that_failed_counts_as_not_done_and_loses_nothing(string durability)
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync($", \"durability\": \"{durability}\"");
        await folder.StartAsync();
        await folder.StopAsync();
        await folder.StartAsync(under: Strace.FailSyncs(Path.Combine(folder.FolderPath, "calls"), folder.DataFile("events.db-wal"), first: 3, last: 6));
        using (var client = folder.Connect())
        {
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(8); n++)
            {
                Assert.True((await told.PostAsync(client, DedupeScope.Number(n)))!.IsRecorded);
                await Task.Delay(50);
            }
            Assert.Equal(200, (await client.GetAsync("/readyz"))!.Status);
        }
        await folder.Server.KillAsync();
        var injected = (await Trace.ReadAsync(Path.Combine(folder.FolderPath, "calls"))).Text;
        Assert.Contains("(INJECTED)", injected, StringComparison.Ordinal);
        Assert.Contains("storage failed", folder.Server.Error, StringComparison.Ordinal);
        Assert.Contains("storage works again", folder.Server.Error, StringComparison.Ordinal);
        told.AssertKept(await folder.ExportAsync(), onlyTold: true);
        Assert.Equal(0, (await folder.RunAsync("check", "--full")).ExitCode);
    }

    private static bool OfLog(Trace.Call call) => call.Text.Contains("/events.db-wal>", StringComparison.Ordinal);

    private static bool IsSync(Trace.Call call) => call.Name is "fsync" or "fdatasync" && call.Succeeded && OfLog(call);

    /// <summary>One new event and its duplicate at the same time, round after round.</summary>
    /// <returns>For each round, whether a sync of the log began after the first request of the round and ended before its first answer.</returns>
    private static async Task<bool[]> TraceRoundsAsync(string durability)
    {
        await using var folder = await ServedFolder.CreateAsync($", \"durability\": \"{durability}\"");
        var log = Path.Combine(folder.FolderPath, "calls");
        await folder.StartAsync(under: Strace.Calls(log, "recvfrom,recvmsg,read,sendto,sendmsg,write,fsync,fdatasync"));
        using (var one = folder.Connect())
        using (var other = folder.Connect())
        {
            // Both connections are open, and nothing of the start is left to sync.
            await Task.WhenAll(one.GetAsync("/healthz"), other.GetAsync("/healthz"));
            for (var round = 0; round < Rounds; round++)
            {
                var scope = DedupeScope.Number(round);
                var answers = await Task.WhenAll(one.PostAsync(scope, 1000 + round), other.PostAsync(scope.ToLike(), 2000 + round));
                Assert.Single(answers, answer => answer!.IsRecorded);
                Assert.Single(answers, answer => answer!.IsDuplicate);
            }
        }
        await folder.StopAsync();

        var trace = await Trace.ReadAsync(log);
        var requests = trace.Calls.Where(call => call.Name.StartsWith("re", StringComparison.Ordinal) && call.Text.Contains("POST /v1/", StringComparison.Ordinal)).ToList();
        var answersSent = trace.Calls.Where(call => call.Text.Contains("{\\\"recorded\\\":", StringComparison.Ordinal)).OrderBy(call => call.Begin).ToList();
        var syncs = trace.Calls.Where(IsSync).ToList();
        Assert.Equal(2 * Rounds, requests.Count);
        Assert.Equal(2 * Rounds, answersSent.Count);
        var arrivals = requests.Select(call => call.End).Order().ToList();
        return [.. Enumerable.Range(0, Rounds).Select(round =>
            syncs.Exists(sync => sync.Begin > arrivals[2 * round] && sync.End < answersSent[2 * round].Begin))];
    }
}
