using System.Text;
using CraftKit.Edge.Catalog;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

[Collection(Alone.Name)]
public sealed class RenderIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_any_changes_the_index_answers_as_a_dictionary_does(int seed)
    {
        var random = new Random(seed);
        var index = RenderIndex.Empty((ulong)random.NextInt64());
        var model = new Dictionary<string, (string Share, int Project)>(StringComparer.Ordinal);
        var ids = Enumerable.Range(0, 6000).Select(i => NewId(random, i)).ToArray();
        for (var round = 0; round < 60; round++)
        {
            var changes = new RenderList();
            var size = random.Next(3) == 0 ? random.Next(2500) : random.Next(4);
            for (var i = 0; i < size; i++)
            {
                var id = ids[random.Next(ids.Length)];
                var share = random.Next(3) == 0 ? "" : NewId(random, i);
                var project = random.Next(4);
                changes.Add(Encoding.ASCII.GetBytes(id), Encoding.ASCII.GetBytes(share), project);
                if (project == 0)
                    model.Remove(id);
                else
                    model[id] = (share, project);
            }

            var before = index;
            index = index.Apply(changes);
            Assert.Equal(model.Count, index.Count);
            Assert.True(before == index || size > 0);
        }

        foreach (var id in ids)
        {
            var expected = model.GetValueOrDefault(id);
            for (var project = 1; project < 4; project++)
                Assert.Equal(project == expected.Project ? expected.Share : null, Find(index, project, id));
        }
    }

    [Fact]
    public void A_snapshot_taken_before_a_change_does_not_see_it()
    {
        var changes = new RenderList();
        changes.Add("a"u8, "s"u8, 1);
        var before = RenderIndex.Empty(3).Apply(changes);
        changes.Clear();
        changes.Add("a"u8, "t"u8, 1);
        changes.Add("b"u8, ""u8, 1);
        var after = before.Apply(changes);

        Assert.Equal(("s", null), (Find(before, 1, "a"), Find(before, 1, "b")));
        Assert.Equal(("t", ""), (Find(after, 1, "a"), Find(after, 1, "b")));
    }

    [Fact]
    public void What_cannot_be_an_id_is_not_found()
    {
        var changes = new RenderList();
        changes.Add("a"u8, "s"u8, 1);
        changes.Add("0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b"u8, "s"u8, 1);
        var index = RenderIndex.Empty(3).Apply(changes);

        Assert.All(
            ["", "A", "a\0", "\0", "aa", new string('a', 64), new string('a', 65), new string('a', 5000), "0190A3C4-5B6D-7E8F-9A0B-1C2D3E4F5A6B"],
            id => Assert.Null(Find(index, 1, id)));
        Assert.Null(Find(index, 2, "a"));
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var changes = new RenderList();
        changes.Add("0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b"u8, "0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6c"u8, 1);
        changes.Add("render-with-a-name-longer-than-sixteen"u8, "share-with-a-name-longer-than-sixteen"u8, 1);
        var index = RenderIndex.Empty(3).Apply(changes);
        Span<byte> share = stackalloc byte[64];
        long before = 0, length = 0;
        for (var i = 0; i < 200; i++)
        {
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            _ = index.TryFind(1, "0190a3c4-5b6d-7e8f-9a0b-1c2d3e4f5a6b"u8, share, out var first);
            _ = index.TryFind(1, "render-with-a-name-longer-than-sixteen"u8, share, out var second);
            _ = index.TryFind(1, "missing"u8, share, out _);
            length += first + second;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(200 * (36 + 37), length);
    }

    [Fact]
    public void A_render_with_a_share_takes_at_most_120_bytes_all_in()
    {
        // What the index refers to, and not the heap's growth: other tests allocate and free at the same time.
        const int Count = 1_000_000;
        var index = Fill(Count);
        var bytes = ReachableBytes.Of(index) / (double)Count;

        Assert.Equal(Count, index.Count);
        Assert.InRange(bytes, 40, 120);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:F1} bytes a render");
    }

    private static RenderIndex Fill(int count)
    {
        var random = new Random(11);
        var index = RenderIndex.Empty(5);
        var changes = new RenderList();
        for (var i = 0; i < count; i++)
        {
            changes.Add(Encoding.ASCII.GetBytes(NewUuid(random)), Encoding.ASCII.GetBytes(NewUuid(random)), 1);
            if (changes.Count < 100_000)
                continue;
            index = index.Apply(changes);
            changes.Clear();
        }

        return index.Apply(changes);
    }

    private static string NewUuid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private static string NewId(Random random, int i) => random.Next(4) switch
    {
        0 => NewUuid(random),
        1 => NewUuid(random).ToUpperInvariant(),
        2 => $"r-{i}",
        _ => new string((char)('a' + (i % 26)), 10 + random.Next(50)) + i % 1000,
    };

    private static string? Find(RenderIndex index, int project, string id)
    {
        Span<byte> share = stackalloc byte[64];
        return index.TryFind(project, Encoding.ASCII.GetBytes(id), share, out var length) ? Encoding.ASCII.GetString(share[..length]) : null;
    }
}
