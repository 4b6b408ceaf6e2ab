using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Rebuilds the dedupe window at start from the stored events.</summary>
/// <remarks>
/// An event of the running boot carries the exact time of its claim on the clock that the window lives on. For one of an earlier boot the age is wall
/// clock minus <c>createdAt</c>, kept between 0 and the window. Rows are read from the newest back; a boot's rows are in the order of its clock but
/// for what threads overtook each other, so its part ends where a row is older than its newest by a window and some slack.
/// </remarks>
internal sealed class WindowRestorer(EventStore store, DedupeWindow window, TimeSpan length, TimeProvider clock, int runningBoot)
{
    /// <summary>How far a thread may lag between writing a record and claiming: far more than any scheduler lets one wait.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private const int BatchClaims = 8192;

    private (DedupeKey Key, long ClaimedAt)[] _filling = new (DedupeKey, long)[BatchClaims];
    private (DedupeKey Key, long ClaimedAt)[] _resting = new (DedupeKey, long)[BatchClaims];
    private int _filled;
    private Task _puttingBack = Task.CompletedTask;

    /// <summary>Reads back as far as a live claim may stand.</summary>
    /// <returns>How many claims were put back.</returns>
    /// <exception cref="Platform.EdgeException">Storage failed.</exception>
    public int Restore()
    {
        var now = clock.GetTimestamp();
        var wall = clock.GetUtcNow();
        var (restored, bootOfPart, newest) = (0, 0, long.MinValue);
        using var rows = new StoredClaims(store);
        while (rows.TryRead(out var key, out var boot, out var claimed, out var createdAt))
        {
            // A claim of this boot that lies ahead of its clock was made under another one that shares its boot id (a container moved
            // between time namespaces, say): then the wall clock has to do.
            var isExact = boot == runningBoot && claimed <= now;
            var age = isExact ? TimeSpan.FromTicks(now - claimed) : wall - createdAt;
            if (boot != bootOfPart)
            {
                // The newest row of an earlier boot has expired long ago, and so has everything before it.
                if (!isExact && age >= length + Slack)
                    break;
                (bootOfPart, newest) = (boot, claimed);
            }
            newest = Math.Max(newest, claimed);
            if (isExact ? age >= length + Slack : TimeSpan.FromTicks(newest - claimed) >= length + Slack)
                break;
            if (age >= length)
                continue;
            _filling[_filled++] = (key, now - Math.Max(0, age.Ticks));
            if (_filled == BatchClaims)
                PutBack();
            restored++;
        }
        PutBack();
        _puttingBack.GetAwaiter().GetResult();
        return restored;
    }

    /// <summary>Has another thread put back what was gathered while this one reads on: both take about as long.</summary>
    private void PutBack()
    {
        _puttingBack.GetAwaiter().GetResult();
        var claims = new ArraySegment<(DedupeKey Key, long ClaimedAt)>(_filling, 0, _filled);
        (_filling, _resting, _filled) = (_resting, _filling, 0);
        _puttingBack = Task.Run(() =>
        {
            foreach (var (key, claimedAt) in claims)
                window.Restore(key, claimedAt);
        });
    }
}
