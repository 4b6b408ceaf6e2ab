using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>The exclusive advisory lock of the operating system on an open file. It belongs to the open file, so the system drops it when
/// the holder dies, however it dies.</summary>
/// <remarks>By <c>flock</c> itself: .NET's <see cref="FileShare"/> is switched off by an environment variable.</remarks>
internal static partial class FileLock
{
    private const int Exclusive = 2, NonBlocking = 4;
    private const int ErrorInterrupted = 4;

    // On Windows the locked range cannot be read by others, so it lies beyond any content.
    private const long WindowsOffset = 1 << 20;

    /// <summary>Takes the lock when nobody has it; never waits.</summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryTake(SafeFileHandle file) => OperatingSystem.IsWindows() ? TryTakeOnWindows(file) : TryTakeOnUnix(file);

    private static bool TryTakeOnUnix(SafeFileHandle file)
    {
        var wouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;
        while (Flock(file, Exclusive | NonBlocking) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == wouldBlock)
                return false;
            if (error != ErrorInterrupted)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }

        return true;
    }

    [SupportedOSPlatform("windows")]
    private static bool TryTakeOnWindows(SafeFileHandle file) => LockFile(file, (uint)WindowsOffset, 0, 1, 0);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("kernel32", EntryPoint = "LockFile", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LockFile(SafeFileHandle file, uint offsetLow, uint offsetHigh, uint lengthLow, uint lengthHigh);
}
