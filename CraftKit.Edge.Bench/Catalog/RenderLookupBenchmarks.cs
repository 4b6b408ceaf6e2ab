using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Catalog;

namespace CraftKit.Edge.Bench.Catalog;

/// <summary>From a render's id to its share. Ids are UUIDs, at random over all. Warm: what the caches hold of the index, and the ids in a plain
/// array beside it.</summary>
public class RenderLookupBenchmarks
{
    private const int IdLength = 36;

    private readonly Project _project = new(1, "p", deleted: false);
    private readonly byte[] _share = new byte[64];
    private byte[] _ids = null!;
    private CatalogSnapshot _snapshot = null!;
    private RandomNumbers _random = new(1);

    [Params(1_000, 1_000_000)]
    public int Renders { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _ids = new byte[Renders * IdLength];
        var list = new RenderList();
        for (var i = 0; i < Renders; i++)
        {
            var id = _ids.AsSpan(i * IdLength, IdLength);
            SampleEvents.WriteId(id, SampleEvents.RenderIds, i);
            list.Add(id, id, 1);
        }

        _snapshot = CatalogSnapshot.Empty(1) with { Renders = RenderIndex.Empty(1).Apply(list) };
    }

    /// <summary>A render of the key's project.</summary>
    [Benchmark]
    public bool Known() => _snapshot.TryFindRender(_project, _ids.AsSpan(_random.Next(Renders) * IdLength, IdLength), _share, out _);

    /// <summary>An id that nobody has.</summary>
    [Benchmark]
    public bool Unknown() => _snapshot.TryFindRender(_project, "01980000-0000-7000-a000-00000000000f"u8, _share, out _);
}
