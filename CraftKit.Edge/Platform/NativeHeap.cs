using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>The C library's heap, where <see cref="NativeMemory"/> comes from.</summary>
internal static partial class NativeHeap
{
    /// <summary>Gives free pages back to the system, which glibc does by itself only at the end of its heaps. Elsewhere the allocator sees
    /// to it.</summary>
    /// <returns>Whether there was anything to give back.</returns>
    public static bool Trim() => OperatingSystem.IsLinux() && MallocTrim(0) != 0;

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
