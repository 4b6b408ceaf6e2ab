using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>An event that the database refuses for its own sake is set aside in a readable file; the others are stored, and the service goes on
/// (docs/API.md, guarantee 5).</summary>
public sealed class SetAsideTests
{
    [Theory]
    [InlineData("SELECT RAISE(ABORT, 'no prints here')")]
    [InlineData("SELECT RAISE(FAIL, 'no prints here')")]
    [InlineData("SELECT RAISE(ROLLBACK, 'no prints here')")]
    [InlineData("SELECT json('{')")]
    public async Task A_refused_event_is_in_the_file_once_and_the_others_in_the_database(string refusal)
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        await folder.StopAsync();
        SqliteShell.Run(folder.DataFile("events.db"), $"CREATE TRIGGER theirs BEFORE INSERT ON events WHEN NEW.type = 3 BEGIN {refusal}; END");
        await folder.StartAsync();
        var told = new Told();
        string[] types = ["viewed", "downloaded", "printed"];
        var clients = Enumerable.Range(0, 4).Select(_ => folder.Connect()).ToList();
        await Task.WhenAll(clients.Select(async (client, number) =>
        {
            for (var n = 0; n < 60; n++)
                Assert.True((await told.PostAsync(client, new DedupeScope($"r{(number * 60 + n) % ServedFolder.Renders}", types[n % 3], $"10.0.{number}.{n}")))!.IsRecorded);
        }));

        // What waits for the writer is answered, so the writer went on.
        Assert.Equal(200, (await clients[0].GetAsync("/v1/renders/r0/engagement"))!.Status);
        Assert.Equal(200, (await clients[0].GetAsync("/readyz"))!.Status);
        Assert.True((await told.PostAsync(clients[0], new DedupeScope("r2", "printed", "10.0.0.2")))!.IsDuplicate);
        Assert.True((await told.PostAsync(clients[0], new DedupeScope("r2", "viewed", "10.9.9.9")))!.IsRecorded);
        clients.ForEach(client => client.Dispose());
        var stopped = await folder.StopAsync();

        var refused = Refused(folder);
        Assert.Equal(80, refused.Count);
        Assert.Equal(80, refused.DistinctBy(one => one.N).Count());
        Assert.All(refused, one => Assert.Equal(("printed", told.ScopeOf(one.N)), (one.Scope.EventType, one.Scope)));
        var stored = await folder.ExportAsync();
        Assert.Equal(told.Recorded.Order(), stored.Select(one => one.N).Concat(refused.Select(one => one.N)).Order());
        Assert.Contains("events.refused.jsonl", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(80, stopped.Error.Split('\n').Count(line => line.Contains("the database refused", StringComparison.Ordinal)));

        // Nothing of it comes again at the next start.
        await folder.StartAsync();
        await folder.StopAsync();
        Assert.Equal(80, Refused(folder).Count);
        Assert.Equal(stored, await folder.ExportAsync());
    }

    [Fact]
    public async Task A_replay_sets_aside_too()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        var told = new Told();
        using (var others = SqliteShell.LockForWriting(folder.DataFile("events.db")))
        using (var client = folder.Connect())
        {
            foreach (var type in new[] { "viewed", "printed", "downloaded" })
                Assert.True((await told.PostAsync(client, new DedupeScope("r30", type, "192.0.2.1")))!.IsRecorded);
            await folder.Server.KillAsync();
        }
        SqliteShell.Run(folder.DataFile("events.db"), "CREATE TRIGGER theirs BEFORE INSERT ON events WHEN NEW.type = 3 BEGIN SELECT RAISE(ABORT, 'no'); END");
        Assert.Equal([1, 3], (await folder.ExportAsync()).Select(one => one.N));
        Assert.Equal(2, Assert.Single(Refused(folder)).N);
        await folder.StartAsync();
        Assert.Equal(2, Assert.Single(Refused(folder)).N);
    }

    private static List<(long N, DedupeScope Scope)> Refused(ServedFolder folder) =>
        [.. File.ReadLines(folder.DataFile("events.refused.jsonl")).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            Assert.NotEmpty(root.GetProperty("reason").GetString()!);
            using var metadata = JsonDocument.Parse(root.GetProperty("metadata").GetString()!);
            return (
                metadata.RootElement.GetProperty("n").GetInt64(),
                new DedupeScope(root.GetProperty("renderId").GetString()!, root.GetProperty("eventType").GetString()!, root.GetProperty("sourceIp").GetString()!));
        })];
}
