using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>CPU time of processes.</summary>
internal static partial class ProcessTime
{
    /// <summary>CPU seconds of a process up to now: all its threads, those that have ended too, to the nanosecond.</summary>
    /// <exception cref="InvalidOperationException">There is no such process.</exception>
    public static double Of(int processId)
    {
        // The id of another process's CPU clock, as clock_getcpuclockid of the C library puts it together.
        var clock = (~processId << 3) | 2;
        return clock_gettime(clock, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : throw new InvalidOperationException($"process {processId} has no CPU clock; it has ended");
    }

    /// <summary>CPU seconds of the calling thread up to now.</summary>
    public static double OfThisThread()
    {
        const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID
        return clock_gettime(ThreadClock, out var time) == 0
            ? time.Seconds + (time.Nanoseconds / 1e9)
            : throw new InvalidOperationException("the thread's CPU clock cannot be read");
    }

    /// <summary>CPU seconds of all processes that this one started and that have ended.</summary>
    public static unsafe double OfEndedChildren()
    {
        const int Children = -1;
        ResourceUsage usage;
        return getrusage(Children, &usage) == 0
            ? usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6)
            : throw new InvalidOperationException("getrusage is refused");
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);

    [LibraryImport("libc")]
    private static unsafe partial int getrusage(int who, ResourceUsage* usage);

    /// <summary>The C library's struct rusage: two times, and fourteen more words that nobody here reads.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 18 * sizeof(long))]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
