using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>CPU time of other processes while they run.</summary>
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
            : throw new InvalidOperationException($"Process {processId} has no CPU clock; it has ended.");
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
