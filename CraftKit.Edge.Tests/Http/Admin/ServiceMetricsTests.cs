using CraftKit.Edge.Storage;
using CraftKit.Edge.Tests.Binary;
using CraftKit.Edge.Tests.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>The metrics of the parts of the service are true: each is moved and looked at.</summary>
public sealed class ServiceMetricsTests : IAsyncLifetime
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
    public async Task Window_writer_log_and_catalog_move_with_an_event_a_project_a_key_and_a_render()
    {
        var before = await ScrapeAsync();
        Assert.Equal([0, 0, 0, 0], Values(before, "window_keys", "window_tables", "writer_rows_total", "writer_commit_duration_seconds_count"));
        Assert.Equal([1, 1, 2, 1], Values(before, "catalog_projects", "catalog_keys", "catalog_renders", "ready"));
        (await _server.RecordAsync("r", _key)).Expect(200);
        await SoonAsync(scrape => Assert.Equal(1, Value(scrape, "writer_rows_total")));
        (await _server.RecordAsync("r", _key, "printed")).Expect(200);
        await _server.CreateKeyAsync(await _server.AddProjectAsync("second"));
        (await _server.SendAsync("PUT", $"/v1/projects/{_project}/renders/s")).Expect(201);

        await SoonAsync(scrape =>
        {
            Assert.Equal(2, Value(scrape, "window_keys"));
            Assert.InRange(Value(scrape, "window_tables"), 1, 2);
            Assert.True(Value(scrape, "window_bytes") > Value(before, "window_bytes"));
            Assert.True(Value(scrape, "window_keys_limit") >= 100_000);
            Assert.Equal([2, 2], Values(scrape, "writer_rows_total", "writer_batches_total"));
            Assert.Equal(2, Value(scrape, "writer_commit_duration_seconds_count"));
            Assert.Equal(2, Value(scrape, "writer_commit_duration_seconds_bucket{le=\"+Inf\"}"));
            Assert.InRange(Value(scrape, "writer_commit_duration_seconds_sum"), 1e-6, 60);
            Assert.InRange(Value(scrape, "wal_bytes"), Value(before, "wal_bytes") + 1, Value(scrape, "wal_limit_bytes"));
            Assert.Equal([2, 2, 3], Values(scrape, "catalog_projects", "catalog_keys", "catalog_renders"));
            Assert.InRange(Value(scrape, "catalog_age_seconds"), 1e-7, 10);
            Assert.InRange(Value(scrape, "socket_loop_lag_seconds"), 1e-7, 60);
        });
    }

    [Fact]
    public async Task What_cannot_be_stored_shows_in_the_journal_the_writer_and_the_readiness_and_goes_again()
    {
        (await _server.RecordAsync("r", _key)).Expect(200);
        string[] names = ["ready", "storage_failing", "journal_used_bytes", "journal_oldest_record_age_seconds", "writer_behind_seconds"];
        await SoonAsync(scrape => Assert.Equal([1, 0, 0, 0, 0], Values(scrape, names)));
        using (SqliteShell.LockForWriting(Path.Combine(_server.DataPath, EventSchema.FileName)))
        {
            (await _server.RecordAsync("q", _key)).Expect(200);
            await SoonAsync(scrape =>
            {
                Assert.Equal([0, 1], Values(scrape, "ready", "storage_failing"));
                Assert.InRange(Value(scrape, "journal_used_bytes"), 33, 1000);
                Assert.InRange(Value(scrape, "journal_oldest_record_age_seconds"), 2, 20);
                Assert.InRange(Value(scrape, "writer_behind_seconds"), 2, 20);
                Assert.InRange(Value(scrape, "journal_capacity_bytes"), 1000, 1 << 20);
            });
        }

        await SoonAsync(scrape => Assert.Equal([1, 0, 0, 0, 0], Values(scrape, names)));
    }

    [Fact]
    public async Task A_catalog_that_cannot_be_read_grows_old()
    {
        var catalog = Path.Combine(_server.DataPath, "catalog.db");
        File.Move(catalog, catalog + ".away");
        await File.WriteAllTextAsync(catalog, new string('x', 100_000), TestContext.Current.CancellationToken);
        await SoonAsync(scrape =>
        {
            Assert.InRange(Value(scrape, "catalog_age_seconds"), 2, 20);
            Assert.Equal(0, Value(scrape, "ready"));
        });
        File.Delete(catalog);
        File.Move(catalog + ".away", catalog);
        await SoonAsync(scrape =>
        {
            Assert.InRange(Value(scrape, "catalog_age_seconds"), 0, 1.9);
            Assert.Equal(1, Value(scrape, "ready"));
        });
    }

    [Fact]
    public async Task Metrics_and_figures_of_the_dashboard_are_the_same()
    {
        (await _server.RecordAsync("r", _key)).Expect(200);
        (await _server.RecordAsync("r", _key)).Expect(200);
        await SoonAsync(scrape => Assert.Equal([1, 0], Values(scrape, "writer_rows_total", "journal_used_bytes")));
        var stats = (await _server.SendAsync("GET", "/v1/stats")).Expect(200).Json;
        var scrape = await ScrapeAsync();

        foreach (var (metric, path) in new[]
        {
            ("window_keys", "window.keys"), ("window_keys_limit", "window.maxKeys"), ("window_tables", "window.tables"), ("window_bytes", "window.bytes"),
            ("journal_used_bytes", "journal.usedBytes"), ("journal_capacity_bytes", "journal.capacityBytes"), ("journal_oldest_record_age_seconds", "journal.oldestSeconds"),
            ("writer_rows_total", "writer.rows"), ("writer_batches_total", "writer.batches"), ("writer_behind_seconds", "writer.behindSeconds"),
            ("wal_bytes", "wal.bytes"), ("wal_limit_bytes", "wal.limitBytes"),
            ("catalog_projects", "catalog.projects"), ("catalog_keys", "catalog.keys"), ("catalog_renders", "catalog.renders"),
        })
        {
            Assert.Equal((metric, path.Split('.').Aggregate(stats, (value, name) => value.GetProperty(name)).GetDouble()), (metric, Value(scrape, metric)));
        }

        Assert.Equal(scrape.Sum("craftkit_edge_events_recorded_total"), stats.GetProperty("recorded").GetDouble());
        Assert.Equal(scrape.Sum("craftkit_edge_events_duplicate_total"), stats.GetProperty("duplicates").GetDouble());
    }

    private static double Value(Scrape scrape, string series) => scrape["craftkit_edge_" + series];

    private static double[] Values(Scrape scrape, params string[] series) => [.. series.Select(one => Value(scrape, one))];

    private Task SoonAsync(Action<Scrape> assert) => AdminServer.SoonAsync(ScrapeAsync, assert);

    private async Task<Scrape> ScrapeAsync() => new((await _server.SendAsync("GET", "/metrics", key: "")).Expect(200).Body);
}
