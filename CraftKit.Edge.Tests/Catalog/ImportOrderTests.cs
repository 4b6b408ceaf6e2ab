using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class ImportOrderTests
{
    private long _looks;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ids_are_in_the_order_of_their_texts_UUIDs_first_and_equal_ones_in_the_order_of_their_lines(bool givesWay)
    {
        var random = new Random(7);
        var ids = Enumerable.Range(0, 5000).Select(_ => NewId(random)).ToArray();

        using var order = ImportOrder.Of(Read(ids), givesWay ? new EventTraffic(() => ++_looks, TimeProvider.System) : null);

        var expected = Enumerable.Range(0, ids.Length)
            .OrderBy(i => IsUuid(ids[i]) ? 0 : 1).ThenBy(i => ids[i], StringComparer.Ordinal).ThenBy(i => i);
        Assert.Equal(expected, Enumerable.Range(0, order.Count).Select(place => order[place]));
    }

    [Fact]
    public void Ids_in_order_stay_where_they_are()
    {
        string[] ids = ["01a21be4-1f65-7858-a8a5-d327c04e661c", "01a21be4-1f65-7858-a8a5-d327c04e661d", "a", "a-1", "a-longer-than-sixteen", "b"];
        using var order = ImportOrder.Of(Read(ids), traffic: null);
        Assert.Equal([0, 1, 2, 3, 4, 5], Enumerable.Range(0, order.Count).Select(place => order[place]));
    }

    private static ImportBatch Read(IEnumerable<string> ids)
    {
        var batch = new ImportBatch("p");
        batch.Push(Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => $"{{\"id\":\"{id}\"}}\n"))));
        batch.End();
        Assert.Empty(batch.Faults);
        return batch;
    }

    // Few letters, so that ids are often equal, or begin alike and end on either side of the 16 characters that are packed.
    private static string NewId(Random random) => random.Next(3) == 0
        ? $"{random.Next(4):x8}-1f65-7858-a8a5-{random.Next(200):x12}"
        : new string([.. Enumerable.Range(0, 1 + random.Next(20)).Select(i => i < 14 ? 'm' : "-09AZaz"[random.Next(7)])]);

    private static bool IsUuid(string id) => id.Length == 36;
}
