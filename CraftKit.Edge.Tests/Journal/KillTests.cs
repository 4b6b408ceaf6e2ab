using System.Runtime.InteropServices;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

public sealed class KillTests : IDisposable
{
    private readonly JournalFixture _fixture = new();

    [Fact]
    public async Task Killed_at_any_moment_nothing_acknowledged_is_lost_or_stored_twice()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var acknowledged = new List<long>();
        for (var round = 0; round < 8; round++)
        {
            // Some are killed while they recover or start an epoch: the runtime itself needs some 60 ms before the first append.
            var (ids, errors) = await RunAndKill(TimeSpan.FromMilliseconds(random.Next(60, 400)));
            Assert.True(errors.Length == 0, $"seed {seed}, round {round}: {errors}");
            acknowledged.AddRange(ids);
        }

        // One more start to recover what the last kill left.
        await RunAndKill(TimeSpan.FromMilliseconds(400));
        using var log = new StoreLog(_fixture.Folder);
        var stored = log.Entries.Where(e => e.Id != 0).Select(e => e.Id).ToList();

        Assert.True(acknowledged.Count > 500, $"only {acknowledged.Count} acknowledged");
        Assert.True(stored.Count == stored.Distinct().Count(), $"seed {seed}: stored twice");
        Assert.True(acknowledged.Except(stored).FirstOrDefault() == 0, $"seed {seed}: {acknowledged.Except(stored).Count()} lost");

        // Every 16th was voided; a kill leaves at most one a thread complete and not yet void.
        Assert.InRange(stored.Count(id => id % 16 == 0), 0, 2 * 9);
    }

    public void Dispose() => _fixture.Dispose();

    private async Task<(long[] Ids, string Errors)> RunAndKill(TimeSpan after)
    {
        using var child = JournalChild.Start("serve", _fixture.Folder);
        var errors = child.StandardError.ReadToEndAsync();
        using var told = new MemoryStream();
        var copy = child.StandardOutput.BaseStream.CopyToAsync(told);
        await Task.Delay(after);
        child.Kill();
        await child.WaitForExitAsync();
        await copy;
        var whole = told.ToArray().AsSpan(0, (int)told.Length / 8 * 8);
        return (MemoryMarshal.Cast<byte, long>(whole).ToArray(), await errors);
    }
}
