using CraftKit.Edge.Catalog;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

[Collection(Alone.Name)]
public sealed class CatalogStampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CatalogStore _store;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly CatalogStamp _stamp;

    public CatalogStampTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere every look goes into the database");
        _store = CatalogStore.Open(_folder.FullPath, TimeProvider.System, migrate: true);
        _ = _store.Projects.Add("P", "p").Value;
        _stamp = new CatalogStamp(CatalogPath, _time);
    }

    private string CatalogPath => _folder.PathOf("catalog.db");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Before_the_first_look_nothing_is_known()
    {
        Age();

        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void An_untouched_catalog_is_the_same_for_a_few_seconds()
    {
        Age();
        _stamp.Looked();
        Assert.True(_stamp.IsSame);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(_stamp.IsSame);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void A_catalog_written_to_a_moment_ago_may_change_within_the_same_time_and_is_not_trusted()
    {
        _time.SetUtcNow(DateTimeOffset.UtcNow);
        _stamp.Looked();

        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void A_catalog_of_the_future_is_not_trusted()
    {
        Age();
        _time.SetUtcNow(DateTimeOffset.UtcNow);
        File.SetLastWriteTimeUtc(CatalogPath + "-wal", DateTime.UtcNow.AddHours(1));
        _stamp.Looked();

        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void A_commit_is_seen()
    {
        Age();
        _stamp.Looked();
        _ = _store.Projects.Rename("p", "Q").Value;

        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void A_commit_that_overwrites_the_log_from_its_beginning_is_seen()
    {
        using (var other = CatalogStore.Open(_folder.FullPath, TimeProvider.System))
            _ = other.Projects.Rename("p", "Q").Value;
        using var file = CraftKit.Edge.Storage.SqliteFile.Open(
            CatalogPath, CatalogSchema.Schema, CraftKit.Edge.Storage.SqliteAccess.ReadWrite, CraftKit.Edge.Storage.SqliteSynchronous.Normal);
        Assert.Equal(0, file.QueryInt64("PRAGMA wal_checkpoint(RESTART)"));
        var bytes = new FileInfo(CatalogPath + "-wal").Length;
        Age();
        _stamp.Looked();
        _ = _store.Projects.Rename("p", "P").Value;

        Assert.Equal(bytes, new FileInfo(CatalogPath + "-wal").Length);
        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void A_copy_of_the_same_time_in_its_place_is_seen()
    {
        _store.Dispose();
        var copy = _folder.PathOf("copy.db");
        File.Copy(CatalogPath, copy);
        var time = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(CatalogPath, time);
        File.SetLastWriteTimeUtc(copy, time);
        _stamp.Looked();
        Assert.True(_stamp.IsSame);
        File.Move(copy, CatalogPath, overwrite: true);

        Assert.False(_stamp.IsSame);
    }

    [Fact]
    public void A_missing_catalog_is_not_trusted()
    {
        _store.Dispose();
        File.Delete(CatalogPath);
        _stamp.Looked();

        Assert.False(_stamp.IsSame);
    }

    private void Age()
    {
        foreach (var path in (string[])[CatalogPath, CatalogPath + "-wal"])
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
    }
}
