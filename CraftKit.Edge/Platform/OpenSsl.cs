using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>The one library that the program needs of a Linux system besides the C library: .NET's SHA-256 and TLS call OpenSSL.</summary>
internal static class OpenSsl
{
    // The names that the runtime itself tries, newest first.
    private static readonly string[] Names = ["libssl.so.3", "libssl.so.1.1"];

    /// <summary>Looks for it before its first use, because the runtime's own answer to its absence is to abort the process.</summary>
    /// <exception cref="EdgeException">There is none.</exception>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var wanted = Environment.GetEnvironmentVariable("CLR_OPENSSL_VERSION_OVERRIDE") is { Length: > 0 } version ? [$"libssl.so.{version}"] : Names;
        // Never unloaded again: the runtime is about to load the same.
        if (!wanted.Any(name => NativeLibrary.TryLoad(name, out _)))
            throw new EdgeException($"OpenSSL is missing ({string.Join(" or ", wanted)}); install the system's package libssl3, openssl-libs or openssl");
    }
}
