namespace CraftKit.Edge.Tests.Allocations;

/// <summary>Counts what the calling thread allocates; other threads, the collector and the compiler do not disturb it.</summary>
internal static class AllocatedBytes
{
    /// <summary>Runs an operation 1,000 times for everything that is made once, then as often as asked, and counts the latter.</summary>
    /// <param name="operations">How many are counted.</param>
    /// <param name="operation">Gets the number of its call: 0 to 999 for warming up, then from 1,000 on.</param>
    public static long Of(int operations, Action<int> operation)
    {
        const int WarmUps = 1000;
        for (var i = 0; i < WarmUps; i++)
            operation(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = WarmUps; i < WarmUps + operations; i++)
            operation(i);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
