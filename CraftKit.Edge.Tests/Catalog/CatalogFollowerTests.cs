using System.Diagnostics;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

[Collection(Alone.Name)]
public sealed class CatalogFollowerTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly CatalogStore _store;
    private readonly CatalogFollower _follower;
    private readonly ApiKeyAuthenticator _authenticator;

    public CatalogFollowerTests()
    {
        _store = CatalogStore.Open(_folder.FullPath, TimeProvider.System, migrate: true);
        _ = _store.Projects.Add("P", "p").Value;
        _follower = new CatalogFollower(_folder.FullPath, TimeProvider.System, 42, NullLogger.Instance);
        _authenticator = new ApiKeyAuthenticator(_follower.Root, KeyMac.CreateRandom());
    }

    private string CatalogPath => _folder.PathOf("catalog.db");

    public void Dispose()
    {
        _follower.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_was_there_before_the_start_counts_from_the_start()
    {
        var key = _store.Keys.Create("p").Value.Plaintext;
        _ = _store.Renders.Add("r", "p", ShareChange.Set("s")).Value;
        _follower.Start();

        Assert.Equal("s", Find(key, "r"));
        Assert.False(_follower.IsStale);
    }

    [Fact]
    public void A_change_of_another_connection_counts_within_a_second()
    {
        _follower.Start();
        var key = _store.Keys.Create("p").Value;
        _ = _store.Renders.Add("r", "p", ShareChange.Set("s")).Value;
        var watch = Stopwatch.StartNew();
        Await(() => Find(key.Plaintext, "r") == "s");
        var took = watch.Elapsed;

        _ = _store.Renders.Add("r", "p", ShareChange.Remove).Value;
        Await(() => Find(key.Plaintext, "r") == "");
        _ = _store.Renders.Delete("r").Value;
        Await(() => Find(key.Plaintext, "r") is null);
        _ = _store.Keys.Revoke(key.Key.Id).Value;
        Await(() => Status(key.Plaintext) == AuthenticationStatus.Unauthorized);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_refresh_makes_changes_count_at_once()
    {
        _follower.Start();
        var key = _store.Keys.Create("p").Value.Plaintext;
        Assert.True(_follower.Refresh());
        Assert.Equal(AuthenticationStatus.Granted, Status(key));

        _ = _store.Projects.Delete("p").Value;
        Assert.True(_follower.Refresh());
        Assert.Equal(AuthenticationStatus.Forbidden, Status(key));
    }

    [Fact]
    public void A_renamed_project_keeps_its_keys_remembered()
    {
        _follower.Start();
        _ = _store.Keys.Create("p").Value;
        Assert.True(_follower.Refresh());
        var keys = _follower.Current.Keys;
        _ = _store.Projects.Rename("p", "Q").Value;
        _ = _store.Renders.Add("r", "p", ShareChange.Keep).Value;
        Assert.True(_follower.Refresh());

        Assert.Same(keys, _follower.Current.Keys);
        Assert.Equal(1, _follower.Current.Renders.Count);
    }

    [Fact]
    public void A_start_without_a_catalog_fails_with_one_line()
    {
        using var follower = new CatalogFollower(_folder.PathOf("elsewhere"), TimeProvider.System, 1, NullLogger.Instance);

        Assert.Contains("catalog.db", Assert.Throws<EdgeException>(follower.Start).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_catalog_is_stale_until_it_is_back_and_the_last_state_counts_meanwhile()
    {
        var key = _store.Keys.Create("p").Value.Plaintext;
        _store.Dispose();
        _follower.Start();
        var away = _folder.PathOf("away.db");
        File.Move(CatalogPath, away);

        Await(() => _follower.IsStale);
        Assert.False(_follower.Refresh());
        Assert.StartsWith(CatalogPath, _follower.StaleReason, StringComparison.Ordinal);
        Assert.Equal(AuthenticationStatus.Granted, Status(key));

        File.Move(away, CatalogPath);
        Await(() => !_follower.IsStale);
        Assert.Equal(AuthenticationStatus.Granted, Status(key));
    }

    [Fact]
    public void A_replaced_catalog_is_read_from_its_beginning()
    {
        var key = _store.Keys.Create("p").Value.Plaintext;
        _store.Dispose();
        var folder = _folder.PathOf("backup");
        Directory.CreateDirectory(folder);
        using (var other = CatalogStore.Open(folder, TimeProvider.System))
            _ = other.Projects.Add("Q", "q").Value;
        _follower.Start();
        File.Move(Path.Combine(folder, "catalog.db"), CatalogPath, overwrite: true);

        Await(() => Status(key) == AuthenticationStatus.Unauthorized);
        Assert.False(_follower.IsStale);
    }

    [Fact]
    public void A_catalog_replaced_by_rubbish_is_stale_and_nothing_is_lost()
    {
        var key = _store.Keys.Create("p").Value.Plaintext;
        _store.Dispose();
        _follower.Start();
        var rubbish = _folder.PathOf("rubbish");
        File.WriteAllText(rubbish, new string('x', 100_000));
        File.Move(rubbish, CatalogPath, overwrite: true);

        Await(() => _follower.IsStale);
        Assert.Equal(AuthenticationStatus.Granted, Status(key));
        Assert.Equal(new string('x', 100_000), File.ReadAllText(CatalogPath));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_any_changes_the_followed_snapshot_is_the_one_that_a_fresh_load_gives(int seed)
    {
        var random = new Random(seed);
        var keys = new List<CreatedKey>();
        _ = _store.Projects.Add("Q", "q").Value;
        _follower.Start();
        for (var i = 0; i < 150; i++)
        {
            var project = random.Next(2) == 0 ? "p" : "q";
            var id = $"r{random.Next(40)}";
            _ = random.Next(9) switch
            {
                0 => Try(() => keys.Add(_store.Keys.Create(project).Value)),
                1 when keys.Count > 0 => Try(() => _store.Keys.Revoke(keys[random.Next(keys.Count)].Key.Id)),
                2 => Try(() => _store.Renders.Delete(id)),
                3 => Try(() => _store.Renders.Import(Batch(Lines(random, project), project))),
                4 when i == 120 => Try(() => _store.Projects.Delete("q")),
                _ => Try(() => _store.Renders.Add(id, project, random.Next(3) == 0 ? ShareChange.Remove : ShareChange.Set($"s{i}"))),
            };
            if (random.Next(4) == 0)
                Assert.True(_follower.Refresh());
        }

        Assert.True(_follower.Refresh());
        using var fresh = new CatalogFollower(_folder.FullPath, TimeProvider.System, 7, NullLogger.Instance);
        fresh.Start();
        var loaded = new ApiKeyAuthenticator(fresh.Root, KeyMac.CreateRandom());
        Assert.Equal((fresh.Current.Change, fresh.Current.Keys.Count, fresh.Current.Renders.Count),
            (_follower.Current.Change, _follower.Current.Keys.Count, _follower.Current.Renders.Count));
        foreach (var key in keys)
        {
            Assert.Equal(loaded.Authenticate("Bearer " + key.Plaintext, out var project), Status(key.Plaintext));
            for (var i = 0; project is not null && i < 100; i++)
                Assert.Equal(Find(fresh.Current, project, $"r{i}"), Find(_follower.Current, project, $"r{i}"));
        }
    }

    [Fact]
    public void A_large_import_is_followed_in_time_and_in_whole()
    {
        const int Count = 50_000;
        var key = _store.Keys.Create("p").Value.Plaintext;
        _follower.Start();
        var lines = string.Concat(Enumerable.Range(0, Count).Select(i => $"{{\"id\":\"render-number-{i}\",\"shareId\":\"share-number-{i}\"}}\n"));
        Assert.Equal(Count, _store.Renders.Import(Batch(new MemoryStream(Encoding.ASCII.GetBytes(lines)), "p")).Value.Added);

        Await(() => _follower.Current.Renders.Count == Count);
        for (var i = 0; i < Count; i += 97)
            Assert.Equal($"share-number-{i}", Find(key, $"render-number-{i}"));
    }

    private static ImportBatch Batch(MemoryStream lines, string project)
    {
        var batch = new ImportBatch(project);
        batch.Read(lines, null);
        return batch;
    }

    private static MemoryStream Lines(Random random, string project) => new(Encoding.ASCII.GetBytes(string.Concat(
        Enumerable.Range(random.Next(60), random.Next(40)).Select(i => $"{{\"id\":\"{(i < 40 ? $"r{i}" : $"{project}{i}")}\",\"shareId\":\"i{random.Next(3)}\"}}\n"))));

    private static bool Try(Action action)
    {
        // Refusals are part of a random sequence; they change nothing in either.
        var refusal = Record.Exception(action);
        Assert.True(refusal is null or EdgeException, refusal?.ToString());
        return refusal is null;
    }

    private static void Await(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, "not within the deadline");
            Thread.Sleep(5);
        }
    }

    private AuthenticationStatus Status(string key) => _authenticator.Authenticate("Bearer " + key, out _);

    private string? Find(string key, string render) =>
        _authenticator.Authenticate("Bearer " + key, out var project) == AuthenticationStatus.Granted ? Find(_follower.Current, project!, render) : null;

    private static string? Find(CatalogSnapshot snapshot, Project project, string render)
    {
        Span<byte> share = stackalloc byte[64];
        return snapshot.TryFindRender(project, Encoding.ASCII.GetBytes(render), share, out var length) ? Encoding.ASCII.GetString(share[..length]) : null;
    }
}
