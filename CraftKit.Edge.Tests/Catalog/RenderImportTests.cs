using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class RenderImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CatalogStore _store;

    public RenderImportTests()
    {
        _store = CatalogStore.Open(_folder.FullPath, TimeProvider.System);
        _ = _store.Projects.Add("P", "p").Value;
        _ = _store.Projects.Add("Q", "q").Value;
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Lines_become_renders()
    {
        var result = Import("""
            {"id":"b","projectId":"p","shareId":"s"}

              {"projectId":"q", "more":[{"id":1}], "id":"a"}
            {"id":"c","projectId":"p","shareId":null}
            """);

        Assert.Equal((3, 0, 0), Counts(result));
        Assert.Equal(["b:s", "c:"], List("p"));
        Assert.Equal(["a:"], List("q"));
    }

    [Fact]
    public void Importing_again_changes_only_what_differs()
    {
        _ = Import("""
            {"id":"a","projectId":"p","shareId":"s"}
            {"id":"b","projectId":"p","shareId":"s"}
            {"id":"c","projectId":"p","shareId":"s"}
            {"id":"d","projectId":"p"}
            """);
        var before = LastChange();
        var result = Import("""
            {"id":"d","projectId":"p","shareId":"t"}
            {"id":"c","projectId":"p","shareId":null}
            {"id":"b","projectId":"p"}
            {"id":"a","projectId":"p","shareId":"s"}
            {"id":"e","projectId":"p"}
            """);

        Assert.Equal((1, 2, 2), Counts(result));
        Assert.Equal(["a:s", "b:s", "c:", "d:t", "e:"], List("p"));
        Assert.Equal(before + 3, LastChange());
    }

    [Fact]
    public void A_deleted_render_counts_as_added_also_for_another_project()
    {
        _ = Import("""{"id":"a","projectId":"p","shareId":"s"}""");
        _ = _store.Renders.Delete("a").Value;

        Assert.Equal((1, 0, 0), Counts(Import("""{"id":"a","projectId":"q"}""")));
        Assert.Equal(["a:"], List("q"));
        Assert.Empty(List("p"));
    }

    [Fact]
    public void Every_bad_line_is_named_and_nothing_is_done()
    {
        _ = Import("""{"id":"old","projectId":"p"}""");
        _ = _store.Projects.Add("R", "r").Value;
        _ = Import("""{"id":"older","projectId":"r"}""");
        _ = _store.Projects.Delete("r").Value;
        var before = LastChange();

        var result = Import("""
            {"id":"good","projectId":"p"}
            {"id":"good","projectId":"p","shareId":"s"}
            {"id":"x"}
            {"projectId":"p"}
            {"id":7,"projectId":"p"}
            {"id":"a b","projectId":"p","shareId":[]}
            {"id":"x","projectId":"none"}
            {"id":"y","projectId":"r"}
            {"id":"old","projectId":"q"}
            {"id":"older","projectId":"p"}
            [1]
            {"id":"z","projectId":"p"}}
            nonsense
            """);

        Assert.False(result.Succeeded);
        Assert.Equal(
            [
                "line 2: id 'good' was given before",
                "line 3: projectId: Required",
                "line 4: id: Required",
                "line 5: id: Expected string, received number",
                "line 6: id: Invalid; shareId: Expected string, received array",
                "line 7: project 'none' not found",
                "line 8: project 'r' was deleted",
                "line 9: render 'old' belongs to another project",
                "line 10: render 'older' belongs to another project",
                "line 11: Expected object, received array",
                "line 12: not valid JSON",
                "line 13: not valid JSON",
            ],
            result.Faults.Select(fault => fault.ToString()));
        Assert.Equal(["old:"], List("p"));
        Assert.Equal(before, LastChange());
    }

    [Fact]
    public void Of_many_bad_lines_each_is_named()
    {
        var result = Import(string.Concat(Enumerable.Range(1, 500).Select(i => i % 2 == 0 ? "bad\n" : $"{{\"id\":\"{i}\",\"projectId\":\"x\"}}\n")));

        Assert.Equal(Enumerable.Range(1, 500), result.Faults.Select(fault => fault.Line));
    }

    [Fact]
    public void Of_a_repeated_member_the_last_one_counts()
    {
        Assert.Equal((1, 0, 0), Counts(Import("""{"id":7,"id":"a","projectId":"x","projectId":"p","shareId":"s","shareId":null}""")));
        Assert.Equal(["a:"], List("p"));
    }

    [Fact]
    public void A_BOM_carriage_returns_escapes_and_a_missing_last_line_break_are_let_pass()
    {
        Assert.Equal((2, 0, 0), Counts(Import("\uFEFF{\"id\":\"\\u0061\",\"projectId\":\"p\"}\r\n\r\n{\"id\":\"b\",\"projectId\":\"p\"}")));
        Assert.Equal(["a:", "b:"], List("p"));
    }

    [Fact]
    public void Lines_are_found_whatever_pieces_the_input_comes_in()
    {
        var text = "\uFEFF" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{{\"id\":\"r{i}\",\"projectId\":\"p\"}}\n"));
        using var drops = new DrippingStream(Encoding.UTF8.GetBytes(text));

        Assert.Equal(50, _store.Renders.Import(drops).Added);
    }

    [Fact]
    public void A_line_that_is_too_long_is_named_and_the_next_one_read()
    {
        var result = Import($"{new string('x', 5_000_000)}\nbad\n{{\"id\":\"{new string('a', 2000)}\",\"projectId\":\"p\"}}");

        Assert.Equal(["line 1: longer than 1048576 bytes", "line 2: not valid JSON", "line 3: id: String must contain at most 64 character(s)"],
            result.Faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_bulk_of_one_project_names_none_and_has_a_limit()
    {
        const string Three = "\n{\"id\":\"a\"}\n\n{\"id\":\"b\",\"projectId\":7}\n{\"id\":\"c\"}\n\n";
        var refused = _store.Renders.Import(Batch(2)).Value;
        var done = _store.Renders.Import(Batch(3)).Value;

        Assert.Equal(5, Assert.Single(refused.Faults).Line);
        Assert.Equal((3, 0, 0), Counts(done));
        Assert.Equal(["a:", "b:", "c:"], List("q"));

        ImportBatch Batch(int maxLines)
        {
            var batch = new ImportBatch("q", maxLines);
            batch.Push(Encoding.UTF8.GetBytes(Three));
            batch.End();
            return batch;
        }
    }

    [Fact]
    public void Ids_of_every_kind_keep_their_text()
    {
        string[] ids =
        [
            "a", new('b', 16), new('c', 17), new('d', 64), "0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b", "0190A3C4-5B6D-7E8F-9A0B-1C2D3E4F5A6B",
            "0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6g", "0190a3c4-5b6d-7e8f-9a0b_1c2d3e4f5a6b", "0190a3c45b6d7e8f9a0b1c2d3e4f5a6b",
        ];
        var lines = ids.SelectMany((id, i) => (string[])[$"{{\"id\":\"{id}\",\"projectId\":\"p\",\"shareId\":\"{ids[^(i + 1)]}\"}}"]);

        Assert.Equal((ids.Length, 0, 0), Counts(Import(string.Join('\n', lines))));
        Assert.Equal(ids.Select((id, i) => $"{id}:{ids[^(i + 1)]}").Order(StringComparer.Ordinal), List("p"));
        Assert.Equal((0, 0, ids.Length), Counts(Import(string.Join('\n', lines.Reverse()))));
    }

    private ImportResult Import(string lines)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(lines));
        return _store.Renders.Import(stream);
    }

    private static (int Added, int Changed, int Unchanged) Counts(ImportResult result)
    {
        Assert.Empty(result.Faults);
        return (result.Added, result.Changed, result.Unchanged);
    }

    private IEnumerable<string> List(string project) =>
        _store.Renders.List(project, null, 1000).Value.Renders.Select(render => $"{render.Id}:{render.ShareId}");

    private long LastChange()
    {
        using var file = SqliteFile.Open(_folder.PathOf("catalog.db"), CatalogSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Full);
        return file.QueryInt64("SELECT last_change FROM counter");
    }
}
