using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CraftKit.Edge.Platform;
using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>Loads the SQLite that travels inside the binary, so that the one file runs without anything beside it.</summary>
/// <remarks>On Linux the library goes to a file in memory and is loaded from there; where the system refuses that, and on Windows and
/// macOS, to a private file whose content is checked before every load.</remarks>
internal static class SqliteNative
{
    /// <summary>Older ones have the WAL-reset bug: two connections that write or checkpoint at once can corrupt the file.</summary>
    public const int MinimumVersionNumber = 3_051_003;

    /// <summary>The name under which the library is imported, here and in the provider.</summary>
    internal const string Library = "e_sqlite3";

    private static readonly Lock Gate = new();
    private static volatile bool _initialized;
    private static nint _library;
    private static bool _resolving;

    /// <summary>The version of the loaded library, such as <c>3.53.4</c>.</summary>
    /// <exception cref="EdgeException">The library cannot be loaded.</exception>
    public static string Version
    {
        get
        {
            Initialize(null);
            return raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>Makes SQLite usable in this process; any number of calls from any thread, the first one counts.</summary>
    /// <param name="dataDirectory">An existing folder that may take the library where the system refuses files in memory; null: none.</param>
    /// <exception cref="EdgeException">The library cannot be loaded, or is too old.</exception>
    public static void Initialize(string? dataDirectory)
    {
        // The volatile read pairs with the write at the end of the locked part: who sees true sees the provider and the resolvers
        // that were set before it.
        if (_initialized)
            return;
        lock (Gate)
        {
            if (_initialized)
                return;
            if (_library == 0)
                _library = Load(dataDirectory);
            if (!_resolving)
            {
                // Two assemblies import the library: the provider, and ours for the calls made once a row (SqliteCalls).
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
                NativeLibrary.SetDllImportResolver(typeof(SqliteNative).Assembly, Resolve);
                _resolving = true;
            }

            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            if (raw.sqlite3_libversion_number() < MinimumVersionNumber)
            {
                throw new EdgeException(
                    $"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old: before 3.51.3 concurrent checkpoints can corrupt a database; build with a newer SourceGear.sqlite3");
            }

            // A connection is used by one thread at a time, so it needs no mutex, which every call would take. SQLite is still safe for many
            // threads with a connection each.
            raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);

            // Nobody reads SQLite's memory statistics, and keeping them takes a process-wide mutex at every allocation.
            raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
            _initialized = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == Library ? _library : 0;

    private static nint Load(string? dataDirectory)
    {
        using var resource = typeof(SqliteNative).Assembly.GetManifestResourceStream(Library)
            ?? throw new EdgeException("SQLite is missing from this binary; build it with dotnet publish, which embeds it");
        if (!OperatingSystem.IsLinux())
            return LoadFromFile(resource, CacheDirectory(), "");
        if (TryLoadFromMemory(resource, out var library, out var refusal))
            return library;
        if (dataDirectory is null)
            throw new EdgeException($"SQLite cannot be loaded from memory ({refusal}), and no data folder was named to load it from");
        return LoadFromFile(resource, dataDirectory, $"from memory ({refusal}), nor ");
    }

    private static bool TryLoadFromMemory(Stream resource, out nint library, out string refusal)
    {
        library = 0;
        using var handle = MemoryFile.Create("libe_sqlite3.so");
        if (handle.IsInvalid)
        {
            refusal = $"memfd_create: {Marshal.GetLastPInvokeErrorMessage()}";
            return false;
        }

        var path = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        try
        {
            resource.Position = 0;
            using var file = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            resource.CopyTo(file);

            // The mapping outlives the descriptor, which is closed on return.
            library = NativeLibrary.Load(path);
            refusal = "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            refusal = OneLine(e);
            return false;
        }
    }

    /// <summary>The hash stands in the name, so two versions of the program do not fight over one file; the content is still
    /// checked, because a file can be cut short by a crash or a full disk.</summary>
    private static nint LoadFromFile(Stream resource, string directory, string alsoFailed)
    {
        resource.Position = 0;
        var hash = SHA256.HashData(resource);
        var path = Path.Combine(directory, $"libe_sqlite3-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}{Extension}");
        try
        {
            if (!Holds(path, hash))
                Replace(path, resource);
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            throw new EdgeException($"SQLite cannot be loaded {alsoFailed}from {path} ({OneLine(e)}); allow one of them", inner: e);
        }
    }

    private static bool Holds(string path, byte[] hash)
    {
        if (!File.Exists(path))
            return false;
        using var file = File.OpenRead(path);
        return SHA256.HashData(file).AsSpan().SequenceEqual(hash);
    }

    private static void Replace(string path, Stream content)
    {
        var fresh = $"{path}.{Environment.ProcessId}";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        content.Position = 0;
        using (var file = new FileStream(fresh, options))
        {
            content.CopyTo(file);
            PosixFile.GiveToOwnerOfFolder(file.SafeFileHandle, fresh);
        }

        // Another process may be loading the file at this moment: it sees the old one or the new one, never a part.
        File.Move(fresh, path, overwrite: true);
    }

    private static string CacheDirectory()
    {
        var directory = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "craftkit-edge");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return directory;
    }

    private static string Extension => OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    private static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ");
}
