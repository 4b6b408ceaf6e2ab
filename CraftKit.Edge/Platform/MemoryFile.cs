using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>An anonymous file that lives in memory alone (<c>memfd_create</c>): nothing on disk to clean up or to tamper with.</summary>
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 0x0001;
    private const uint NoExecSeal = 0x0008;
    private const int InvalidArgument = 22;

    /// <summary>Makes an empty file that is sealed against being run as a program; mapping it as a library stays allowed, also
    /// where <c>vm.memfd_noexec</c> forbids the unsealed kind.</summary>
    /// <param name="name">Shown in <c>/proc/self/maps</c>.</param>
    /// <returns>An invalid handle when the system refuses; <see cref="Marshal.GetLastPInvokeError"/> then says why.</returns>
    public static SafeFileHandle Create(string name)
    {
        var descriptor = MemfdCreate(name, CloseOnExec | NoExecSeal);

        // Kernels before 6.3 do not know the seal. MFD_EXEC is no way out: vm.memfd_noexec=2 refuses it.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == InvalidArgument)
            descriptor = MemfdCreate(name, CloseOnExec);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}
