using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>A thread that gives way to the others.</summary>
internal static partial class BackgroundThread
{
    private const int PriorityOfProcess = 0, CallingThread = 0;

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

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, uint who, int niceness);
}
