using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>What the system counts of threads and processes of one's own.</summary>
/// <param name="Seconds">CPU time.</param>
/// <param name="Sleeps">How often a thread gave up its processor to wait.</param>
internal readonly partial record struct CpuUsage(double Seconds, long Sleeps)
{
    private const int EndedChildren = -1; // RUSAGE_CHILDREN
    private const int CallingThread = 1; // RUSAGE_THREAD

    /// <summary>Of the calling thread up to now.</summary>
    public static CpuUsage OfThisThread() => Of(CallingThread);

    /// <summary>Of all processes that this one started and that have ended.</summary>
    public static CpuUsage OfEndedChildren() => Of(EndedChildren);

    /// <summary>What was used between two moments.</summary>
    public static CpuUsage operator -(CpuUsage end, CpuUsage start) => new(end.Seconds - start.Seconds, end.Sleeps - start.Sleeps);

    private static unsafe CpuUsage Of(int who)
    {
        // struct rusage: two times of seconds and microseconds, then twelve words, of which the second but last is ru_nvcsw.
        var words = stackalloc long[18];
        return getrusage(who, words) == 0
            ? new CpuUsage(words[0] + words[2] + ((words[1] + words[3]) / 1e6), words[16])
            : throw new InvalidOperationException($"getrusage: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}");
    }

    [LibraryImport("libc")]
    private static unsafe partial int getrusage(int who, long* usage);
}
