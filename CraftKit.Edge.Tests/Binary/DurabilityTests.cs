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
                await Task.Delay(n == 1 ? 1000 : 200);
            Assert.Equal($"{n}", SqliteShell.Run(folder.DataFile("events.db"), "SELECT count(*) FROM events"));
        }
    }

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
        var syncs = trace.Calls.Where(call => call.Name is "fsync" or "fdatasync" && call.Succeeded && call.Text.Contains("events.db-wal>", StringComparison.Ordinal)).ToList();
        Assert.Equal(2 * Rounds, requests.Count);
        Assert.Equal(2 * Rounds, answersSent.Count);
        var arrivals = requests.Select(call => call.End).Order().ToList();
        return [.. Enumerable.Range(0, Rounds).Select(round =>
            syncs.Exists(sync => sync.Begin > arrivals[2 * round] && sync.End < answersSent[2 * round].Begin))];
    }
}
