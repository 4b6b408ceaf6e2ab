using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>A thread that gives way to the others.</summary>
/// <remarks>
/// A lower priority alone does not do: the kernel shares a processor by whole ticks of its clock (4 ms at 250 a second), and what works at a stretch
/// takes such a tick from a socket thread, or from a client on the same machine, with every request that is under way. So long work is done in turns
/// of a tenth of a millisecond, which are over before anybody is missed.
/// </remarks>
internal static partial class BackgroundThread
{
    private const int PriorityOfProcess = 0, CallingThread = 0;

    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMicroseconds(100);

    [ThreadStatic]
    private static bool _isLowered;

    /// <summary>Lowers the priority of the calling thread, for good.</summary>
    /// <param name="niceness">By how much, as <c>nice</c> counts: 1 to 19.</param>
    public static void LowerPriority(int niceness)
    {
        // .NET ignores priorities on Linux, where each thread has a niceness of its own (elsewhere under POSIX it is the process's).
        // To lower it is always allowed; were it refused after all, the thread would only compete like any other.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(PriorityOfProcess, CallingThread, niceness);
        else
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    /// <summary><see cref="LowerPriority"/> for who does not know the thread: does nothing the second time.</summary>
    /// <param name="niceness">As there.</param>
    public static void LowerPriorityOnce(int niceness)
    {
        if (_isLowered)
            return;
        _isLowered = true;
        LowerPriority(niceness);
    }

    /// <summary>Pauses after some 100 microseconds of work for about as long.</summary>
    public static void EndTurn() => Pause(BetweenTurns);

    /// <summary>Sleeps for less than a millisecond, which .NET rounds to none or one. Elsewhere than on Linux it only yields.</summary>
    /// <param name="time">How long; some 60 microseconds longer as a rule, and less when a signal comes.</param>
    public static void Pause(TimeSpan time)
    {
        if (OperatingSystem.IsLinux())
            _ = Sleep(new TimeSpec(time.Ticks / TimeSpan.TicksPerSecond, time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick), 0);
        else
            Thread.Yield();
    }

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, uint who, int niceness);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long seconds, long nanoseconds)
    {
        public readonly long Seconds = seconds;
        public readonly long Nanoseconds = nanoseconds;
    }
}
