using System.Security.Cryptography;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class CatalogStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 3, 10, 20, 0, 123, TimeSpan.Zero));
    private readonly CatalogStore _store;

    public CatalogStoreTests() => _store = CatalogStore.Open(_folder.FullPath, _time);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_project_comes_back_as_it_was_added()
    {
        var added = _store.Projects.Add(" Açme \n").Value;
        using var other = CatalogStore.Open(_folder.FullPath, _time);

        Assert.Equal(added, Assert.Single(other.Projects.List()));
        Assert.Equal(" Açme \n", added.Name);
        Assert.Equal("acme", added.Slug);
        Assert.Equal(_time.GetUtcNow(), added.CreatedAt);
        Assert.Equal('7', added.Id[14]);
    }

    [Fact]
    public void Projects_are_listed_newest_first_without_deleted_ones()
    {
        foreach (var id in (string[])["one", "two", "three"])
            _ = _store.Projects.Add("P", id).Value;
        _ = _store.Projects.Delete("two").Value;

        Assert.Equal(["three", "one"], _store.Projects.List().Select(project => project.Id));
        Assert.Equal(["three", "two", "one"], _store.Projects.List(includeDeleted: true).Select(project => project.Id));
    }

    [Fact]
    public void A_taken_slug_gets_a_number_also_when_a_deleted_project_has_it()
    {
        var first = _store.Projects.Add("Acme").Value;
        _ = _store.Projects.Delete(first.Id).Value;

        Assert.Equal("acme-1", _store.Projects.Add("ACME!").Value.Slug);
        Assert.Equal("acme-2", _store.Projects.Add("acme").Value.Slug);
        Assert.Equal("acme-1-1", _store.Projects.Add("acme 1").Value.Slug);
    }

    [Fact]
    public void Renaming_a_project_leaves_its_slug()
    {
        _ = _store.Projects.Add("Acme", "p").Value;
        _time.Advance(TimeSpan.FromSeconds(5));
        var renamed = _store.Projects.Rename("p", new string('x', 200)).Value;

        Assert.Equal("acme", renamed.Slug);
        Assert.Equal(TimeSpan.FromSeconds(5), renamed.UpdatedAt - renamed.CreatedAt);
        Assert.Equal(renamed, _store.Projects.Get("p").Value);
        Assert.Equal(CatalogFault.InvalidName, _store.Projects.Rename("p", new string('x', 201)).Fault);
    }

    [Theory]
    [InlineData("", null, CatalogFault.InvalidName)]
    [InlineData("121", null, CatalogFault.InvalidName)]
    [InlineData("120", null, CatalogFault.None)]
    [InlineData("P", "", CatalogFault.InvalidId)]
    [InlineData("P", "a b", CatalogFault.InvalidId)]
    [InlineData("P", "é", CatalogFault.InvalidId)]
    [InlineData("P", "taken", CatalogFault.ProjectExists)]
    [InlineData("P", "deleted", CatalogFault.ProjectExists)]
    [InlineData("P", "Taken", CatalogFault.None)]
    internal void A_project_has_a_name_and_an_id_of_its_own(string name, string? id, CatalogFault fault)
    {
        _ = _store.Projects.Add("P", "taken").Value;
        _ = _store.Projects.Add("P", "deleted").Value;
        _ = _store.Projects.Delete("deleted").Value;

        var result = _store.Projects.Add(int.TryParse(name, out var length) ? new string('é', length) : name, id);

        Assert.Equal(fault, result.Fault);
        Assert.Equal(fault == CatalogFault.None ? 2 : 1, _store.Projects.List().Count);
        Assert.DoesNotContain('\n', result.Message);
    }

    [Fact]
    public void A_project_is_deleted_once()
    {
        _ = _store.Projects.Add("P", "p").Value;
        _ = _store.Projects.Delete("p").Value;

        Assert.Equal(CatalogFault.ProjectDeleted, _store.Projects.Delete("p").Fault);
        Assert.Equal(CatalogFault.ProjectNotFound, _store.Projects.Delete("q").Fault);
        Assert.Throws<EdgeException>(() => _store.Projects.Delete("q\u001b[31m\n").Value);
        Assert.All(_store.Projects.Delete("q\u001b[31m\n").Message, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void A_key_is_shown_once_and_stored_as_a_hash()
    {
        _ = _store.Projects.Add("P", "p").Value;
        var created = _store.Keys.Create("p").Value;

        Assert.Matches("^ck_live_[0-9A-Za-z]{32,}$", created.Plaintext);
        Assert.Equal(created.Plaintext[..13], created.Key.Prefix);
        Assert.Equal("API key", created.Key.Name);
        Assert.Equal(created.Key, Assert.Single(_store.Keys.List().Value));
        _store.Dispose();
        foreach (var path in Directory.GetFiles(_folder.FullPath))
        {
            var content = File.ReadAllBytes(path).AsSpan();
            Assert.Equal(-1, content.IndexOf(Encoding.ASCII.GetBytes(created.Plaintext)));
            Assert.NotEqual(-1, content.IndexOf(SHA256.HashData(Encoding.ASCII.GetBytes(created.Plaintext))));
        }
    }

    [Fact]
    public void Keys_are_listed_newest_first_with_revoked_ones()
    {
        _ = _store.Projects.Add("P", "p").Value;
        _ = _store.Projects.Add("Q", "q").Value;
        var first = _store.Keys.Create("p", "first").Value.Key;
        _ = _store.Keys.Create("q", "other").Value;
        _ = _store.Keys.Create("p", new string('x', 200)).Value;
        var revoked = _store.Keys.Revoke(first.Id).Value;

        Assert.Equal([new string('x', 200), "first"], _store.Keys.List("p").Value.Select(key => key.Name));
        Assert.Equal(revoked, _store.Keys.List("p").Value[^1]);
        Assert.Equal(_time.GetUtcNow(), revoked.RevokedAt);
        Assert.Equal(3, _store.Keys.List().Value.Length);
    }

    [Fact]
    public void Wrong_requests_for_keys_change_nothing()
    {
        _ = _store.Projects.Add("P", "p").Value;
        var key = _store.Keys.Create("p").Value.Key;

        Assert.Equal(CatalogFault.ProjectNotFound, _store.Keys.Create("q").Fault);
        Assert.Equal(CatalogFault.InvalidName, _store.Keys.Create("p", "").Fault);
        Assert.Equal(CatalogFault.InvalidName, _store.Keys.Create("p", new string('x', 201)).Fault);
        Assert.Equal(CatalogFault.KeyNotFound, _store.Keys.Revoke("k").Fault);
        Assert.Equal(CatalogFault.KeyNotFound, _store.Keys.Revoke(key.Id, "q").Fault);
        Assert.Equal(CatalogFault.None, _store.Keys.Revoke(key.Id, "p").Fault);
        Assert.Equal(CatalogFault.KeyRevoked, _store.Keys.Revoke(key.Id).Fault);
        _ = _store.Projects.Delete("p").Value;
        Assert.Equal(CatalogFault.ProjectDeleted, _store.Keys.Create("p").Fault);
        Assert.Equal(CatalogFault.ProjectNotFound, _store.Keys.List("q").Fault);
    }

    [Fact]
    public void An_absent_share_leaves_the_share_and_null_takes_it_away()
    {
        _ = _store.Projects.Add("P", "p").Value;

        Assert.Equal((RenderChange.Added, null), Put(ShareChange.Keep));
        Assert.Equal((RenderChange.Unchanged, null), Put(ShareChange.Remove));
        Assert.Equal((RenderChange.Changed, "s"), Put(ShareChange.Set("s")));
        Assert.Equal((RenderChange.Unchanged, "s"), Put(ShareChange.Keep));
        Assert.Equal((RenderChange.Unchanged, "s"), Put(ShareChange.Set("s")));
        Assert.Equal((RenderChange.Changed, null), Put(ShareChange.Remove));

        (RenderChange, string?) Put(ShareChange share)
        {
            var put = _store.Renders.Add("r", "p", share).Value;
            Assert.Equal(put.Render, _store.Renders.Get("r").Value);
            return (put.Change, put.Render.ShareId);
        }
    }

    [Fact]
    public void A_render_of_another_project_is_never_moved()
    {
        _ = _store.Projects.Add("P", "p").Value;
        _ = _store.Projects.Add("Q", "q").Value;
        _ = _store.Renders.Add("r", "p", ShareChange.Keep).Value;

        Assert.Equal(CatalogFault.RenderOfAnotherProject, _store.Renders.Add("r", "q", ShareChange.Keep).Fault);
        _ = _store.Projects.Delete("p").Value;
        Assert.Equal(CatalogFault.RenderOfAnotherProject, _store.Renders.Add("r", "q", ShareChange.Keep).Fault);
        Assert.Equal(CatalogFault.ProjectDeleted, _store.Renders.Add("r", "p", ShareChange.Keep).Fault);
        Assert.Equal(CatalogFault.ProjectNotFound, _store.Renders.Add("r", "x", ShareChange.Keep).Fault);
        Assert.Equal(CatalogFault.InvalidId, _store.Renders.Add("r r", "q", ShareChange.Keep).Fault);
        Assert.Equal(CatalogFault.InvalidId, _store.Renders.Add("r", "q", ShareChange.Set("")).Fault);
        Assert.Equal("p", _store.Renders.Get("r").Value.ProjectId);
    }

    [Fact]
    public void A_deleted_render_is_new_when_it_is_added_again()
    {
        _ = _store.Projects.Add("P", "p").Value;
        _ = _store.Projects.Add("Q", "q").Value;
        _ = _store.Renders.Add("r", "p", ShareChange.Set("s")).Value;

        Assert.Equal(CatalogFault.RenderNotFound, _store.Renders.Delete("r", "q").Fault);
        Assert.Equal("s", _store.Renders.Delete("r").Value.ShareId);
        Assert.Equal(CatalogFault.RenderNotFound, _store.Renders.Delete("r").Fault);
        Assert.Equal(CatalogFault.RenderNotFound, _store.Renders.Get("r").Fault);
        Assert.Empty(_store.Renders.List("p", null, 100).Value.Renders);
        var again = _store.Renders.Add("r", "q", ShareChange.Keep).Value;
        Assert.Equal(RenderChange.Added, again.Change);
        Assert.Null(again.Render.ShareId);
        Assert.Equal("q", _store.Renders.Get("r").Value.ProjectId);
    }

    [Fact]
    public void Renders_are_listed_by_id_page_by_page()
    {
        _ = _store.Projects.Add("P", "p").Value;
        _ = _store.Projects.Add("Q", "q").Value;
        foreach (var id in (string[])["b", "B", "0", "c", "_", "-"])
            _ = _store.Renders.Add(id, id == "c" ? "q" : "p", ShareChange.Keep).Value;

        Assert.Equal("- 0 B, next B", Page(null, 3));
        Assert.Equal("_ b, next ", Page("B", 3));
        Assert.Equal("_ b, next ", Page("B", 2));
        Assert.Equal("_, next _", Page("B", 1));
        Assert.Equal("_ b, next ", Page("C", 1000));
        Assert.Equal(", next ", Page("b", 3));
        Assert.Equal(CatalogFault.ProjectNotFound, _store.Renders.List("x", null, 1).Fault);

        string Page(string? after, int limit)
        {
            var page = _store.Renders.List("p", after, limit).Value;
            return $"{string.Join(' ', page.Renders.Select(render => render.Id))}, next {page.Next}";
        }
    }

    [Fact]
    public async Task Commands_of_many_processes_wait_for_one_another()
    {
        _ = _store.Projects.Add("P", "p").Value;
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < 25; i++)
            {
                using var store = CatalogStore.Open(_folder.FullPath, _time);
                _ = store.Renders.Add($"r-{writer}-{i}", "p", ShareChange.Keep).Value;
            }
        }, TaskCreationOptions.LongRunning));
        await Task.WhenAll(writers);

        Assert.Equal(100, _store.Renders.List("p", null, 1000).Value.Renders.Count);
        using var file = SqliteFile.Open(_folder.PathOf("catalog.db"), CatalogSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Full);
        Assert.Equal(101, file.QueryInt64("SELECT last_change FROM counter"));
        Assert.Equal(101, file.QueryInt64("SELECT max(change) FROM renders"));
        Assert.Equal(0, file.QueryInt64("SELECT count(*) FROM renders WHERE change IN (SELECT change FROM projects)"));
    }
}
