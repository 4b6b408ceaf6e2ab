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
            // Every other one is killed about when it recovers and starts its epoch, the rest while they append.
            var (ids, errors) = round % 2 == 1
                ? await RunAndKill(afterFirst: false, TimeSpan.FromMilliseconds(random.Next(50, 160)))
                : await RunAndKill(afterFirst: true, TimeSpan.FromMilliseconds(random.Next(0, 200)));
            Assert.True(errors.Length == 0, $"seed {seed}, round {round}: {errors}");
            acknowledged.AddRange(ids);
        }

        // One more start to recover what the last kill left.
        await RunAndKill(afterFirst: true, TimeSpan.Zero);
        using var log = new StoreLog(_fixture.Folder);
        var stored = log.Entries.Where(e => e.Id != 0).Select(e => e.Id).ToList();

        Assert.True(acknowledged.Count > 500, $"only {acknowledged.Count} acknowledged");
        Assert.True(stored.Count == stored.Distinct().Count(), $"seed {seed}: stored twice");
        Assert.True(acknowledged.Except(stored).FirstOrDefault() == 0, $"seed {seed}: {acknowledged.Except(stored).Count()} lost");

        // Every 16th was voided; a kill leaves at most one a thread complete and not yet void.
        Assert.InRange(stored.Count(id => id % 16 == 0), 0, 2 * 9);
    }

    public void Dispose() => _fixture.Dispose();

    private async Task<(long[] Ids, string Errors)> RunAndKill(bool afterFirst, TimeSpan delay)
    {
        using var child = JournalChild.Start("serve", _fixture.Folder);
        var errors = child.StandardError.ReadToEndAsync();
        using var told = new MemoryStream();
        var output = child.StandardOutput.BaseStream;
        if (afterFirst)
        {
            var first = new byte[8];
            await output.ReadExactlyAsync(first);
            told.Write(first);
        }

        var copy = output.CopyToAsync(told);
        await Task.Delay(delay);
        child.Kill();
        await child.WaitForExitAsync();
        await copy;
        var whole = told.ToArray().AsSpan(0, (int)told.Length / 8 * 8);
        return (MemoryMarshal.Cast<byte, long>(whole).ToArray(), await errors);
    }
}
