using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CraftKit.Edge.Storage;
using CraftKit.Edge.Tests.Binary;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>The numbers of <c>/v1/stats</c> are true: each is moved and looked at (docs/API.md, "Figures").</summary>
public sealed class StatsRouteTests : IAsyncLifetime
{
    private AdminServer _server = null!;
    private string _project = "";
    private string _key = "";

    public async ValueTask InitializeAsync()
    {
        _server = await AdminServer.StartAsync();
        (_project, _key) = await _server.ProvisionAsync("q", "r");
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task It_needs_the_account_key_and_has_these_members()
    {
        (await _server.SendAsync("GET", "/v1/stats", key: "")).AssertError(401, "unauthorized");
        (await _server.SendAsync("GET", "/v1/stats/stream", key: _key)).AssertError(401, "unauthorized");
        var answer = (await _server.SendAsync("GET", "/v1/stats")).Expect(200);
        Assert.Equal(
            ["time", "version", "startedAt", "ready", "reasons", "recorded", "duplicates", "seconds", "today", "busiest", "latency", "window", "journal", "writer", "wal", "catalog", "process", "socketLoopLagSeconds"],
            answer.Members);
        Assert.Equal("", (await _server.SendAsync("HEAD", "/v1/stats")).Expect(200).Body);
        var stats = answer.Json;
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("latency").ValueKind);
        Assert.True(stats.GetProperty("ready").GetBoolean());
        Assert.Empty(stats.GetProperty("reasons").EnumerateArray());
        var (time, startedAt) = (Time(stats, "time"), Time(stats, "startedAt"));
        Assert.InRange(time, DateTimeOffset.UtcNow.AddSeconds(-5), DateTimeOffset.UtcNow);
        Assert.InRange(startedAt, time.AddMinutes(-1), time);
        Assert.All(["recorded", "duplicates"], name => Assert.Equal(300, stats.GetProperty("seconds").GetProperty(name).GetArrayLength()));
    }

    [Fact]
    public async Task Events_move_the_totals_the_second_the_day_the_renders_and_the_latency()
    {
        foreach (var (render, type) in new[] { ("r", "viewed"), ("r", "viewed"), ("r", "downloaded"), ("r", "printed"), ("q", "viewed"), ("q", "viewed") })
            (await _server.RecordAsync(render, _key, type)).Expect(200);

        await SoonAsync(stats =>
        {
            Assert.Equal((4, 2), (Number(stats, "recorded"), Number(stats, "duplicates")));
            Assert.Equal((4, 2), (Sum(stats, "recorded"), Sum(stats, "duplicates")));
            Assert.Equal((2, 1, 1), (Number(stats, "today", "viewed"), Number(stats, "today", "downloaded"), Number(stats, "today", "printed")));
            Assert.Equal(
                [(_project, "r", 3), (_project, "q", 1)],
                stats.GetProperty("busiest").EnumerateArray().Select(render => (render.GetProperty("projectId").GetString(), render.GetProperty("renderId").GetString(), render.GetProperty("events").GetInt32())));
            Assert.InRange(Number(stats, "latency", "p50"), 1e-6, Number(stats, "latency", "p99"));
            Assert.InRange(Number(stats, "latency", "p99"), 1e-6, Number(stats, "latency", "p999"));
        });
    }

    [Fact]
    public async Task The_parts_of_the_service_tell_what_they_hold()
    {
        var before = await ReadAsync();
        Assert.Equal((1, 1, 2), (Number(before, "catalog", "projects"), Number(before, "catalog", "keys"), Number(before, "catalog", "renders")));
        Assert.Equal((0, 0), (Number(before, "window", "keys"), Number(before, "window", "tables")));
        (await _server.RecordAsync("r", _key)).Expect(200);
        (await _server.SendAsync("PUT", $"/v1/projects/{_project}/renders/s")).Expect(201);
        var (_, second) = await _server.CreateKeyAsync(_project);
        var gone = await _server.AddProjectAsync("gone");
        await _server.CreateKeyAsync(gone);
        var held = await ReadAsync();
        Assert.Equal((2, 3, 3), (Number(held, "catalog", "projects"), Number(held, "catalog", "keys"), Number(held, "catalog", "renders")));
        (await _server.SendAsync("DELETE", $"/v1/projects/{gone}")).Expect(200);
        (await _server.SendAsync("DELETE", $"/v1/projects/{_project}/keys/{second}")).Expect(200);

        await SoonAsync(stats =>
        {
            Assert.Equal((1, 1, 3), (Number(stats, "catalog", "projects"), Number(stats, "catalog", "keys"), Number(stats, "catalog", "renders")));
            Assert.InRange(Number(stats, "catalog", "ageSeconds"), 0, 10);
            Assert.Equal((1, 1), (Number(stats, "window", "keys"), Number(stats, "window", "tables")));
            Assert.True(Number(stats, "window", "bytes") > Number(before, "window", "bytes"));
            Assert.True(Number(stats, "window", "maxKeys") >= 100_000);
            Assert.Equal((0, 0, 0), (Number(stats, "journal", "usedBytes"), Number(stats, "journal", "oldestSeconds"), Number(stats, "writer", "behindSeconds")));
            Assert.InRange(Number(stats, "journal", "capacityBytes"), 1, 1 << 20);
            Assert.Equal((1, 1, 1), (Number(stats, "writer", "rows"), Number(stats, "writer", "batches"), Number(stats, "writer", "behindLimitSeconds")));
            Assert.Equal(JsonValueKind.Null, stats.GetProperty("writer").GetProperty("failure").ValueKind);
            Assert.InRange(Number(stats, "wal", "bytes"), 1, Number(stats, "wal", "limitBytes"));
            Assert.InRange(Number(stats, "process", "residentBytes"), 1 << 20, 1L << 40);
            Assert.InRange(Number(stats, "process", "cpuSeconds"), 0.01, 1e6);
            Assert.InRange(Number(stats, "process", "gcBytes"), 1 << 10, 1L << 40);
            Assert.InRange(Number(stats, "socketLoopLagSeconds"), 1e-7, 60);
        });
    }

    [Fact]
    public async Task While_the_database_is_locked_it_says_what_waits_how_long_and_why()
    {
        (await _server.RecordAsync("r", _key)).Expect(200);
        await SoonAsync(stats => Assert.Equal(0, Number(stats, "journal", "usedBytes")));

        // The writer rests meanwhile, which is not being behind.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        using (SqliteShell.LockForWriting(Path.Combine(_server.DataPath, EventSchema.FileName)))
        {
            (await _server.RecordAsync("q", _key)).Expect(200);
            var recorded = Stopwatch.GetTimestamp();
            await SoonAsync(stats =>
            {
                Assert.True(Number(stats, "journal", "usedBytes") > 32);
                Assert.InRange(Number(stats, "journal", "oldestSeconds"), 2, Stopwatch.GetElapsedTime(recorded).TotalSeconds + 1);
                Assert.InRange(Number(stats, "writer", "behindSeconds"), Number(stats, "journal", "oldestSeconds") - 0.1, Stopwatch.GetElapsedTime(recorded).TotalSeconds + 1);
                Assert.Contains("locked", stats.GetProperty("writer").GetProperty("failure").GetString(), StringComparison.Ordinal);
                Assert.False(stats.GetProperty("ready").GetBoolean());
                Assert.Equal("storage not writable", stats.GetProperty("reasons").EnumerateArray().Single().GetString());
                Assert.Equal((1, 1), (Number(stats, "today", "viewed"), Number(stats, "writer", "rows")));
            });
        }

        await SoonAsync(stats =>
        {
            Assert.Equal((2, 2), (Number(stats, "today", "viewed"), Number(stats, "writer", "rows")));
            Assert.Equal((0, 0, 0), (Number(stats, "journal", "usedBytes"), Number(stats, "journal", "oldestSeconds"), Number(stats, "writer", "behindSeconds")));
            Assert.True(stats.GetProperty("ready").GetBoolean());
        });
    }

    private static DateTimeOffset Time(JsonElement stats, string name)
    {
        var text = stats.GetProperty(name).GetString()!;
        Assert.EndsWith("Z", text, StringComparison.Ordinal);
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    private static double Number(JsonElement stats, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            stats = stats.GetProperty(name);
        return stats.GetDouble();
    }

    private static long Sum(JsonElement stats, string name) => stats.GetProperty("seconds").GetProperty(name).EnumerateArray().Sum(second => second.GetInt64());

    private Task SoonAsync(Action<JsonElement> assert) => AdminServer.SoonAsync(ReadAsync, assert);

    private async Task<JsonElement> ReadAsync() => (await _server.SendAsync("GET", "/v1/stats")).Expect(200).Json;
}
