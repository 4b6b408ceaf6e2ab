using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>CPU time of the calling thread: what it worked, not what it waited or lost to others. Linux.</summary>
internal static partial class ThreadTime
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>The thread's CPU time so far.</summary>
    public static long Nanoseconds()
    {
        // It cannot fail: the clock exists and the memory is there.
        _ = clock_gettime(ThreadCpuTime, out var time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    /// <summary>What two readings one after the other are apart, the median.</summary>
    public static long Cost()
    {
        var costs = new long[10_001];
        for (var i = 0; i < costs.Length; i++)
        {
            var start = Nanoseconds();
            costs[i] = Nanoseconds() - start;
        }

        Array.Sort(costs);
        return costs[costs.Length / 2];
    }

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
