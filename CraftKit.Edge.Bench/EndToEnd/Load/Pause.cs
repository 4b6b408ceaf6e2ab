using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Sleeps for less than a millisecond, which .NET rounds to none or one. Linux.</summary>
internal static partial class Pause
{
    /// <summary>Sleeps; some 60 microseconds longer as a rule.</summary>
    public static void For(TimeSpan time)
    {
        var span = new Span(time.Ticks / TimeSpan.TicksPerSecond, time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);

        // Cut short by a signal it returns at once, and the caller looks at the clock anyway.
        _ = nanosleep(span, 0);
    }

    [LibraryImport("libc")]
    private static partial int nanosleep(in Span time, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Span(long seconds, long nanoseconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;
    }
}
