using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>The one folder that holds all data of a service, and the names of the files in it.</summary>
/// <remarks>The folder is 0700 and its files 0600, whatever the umask. A command run by root gives what it creates the folder's owner,
/// so that the service can open it.</remarks>
internal sealed class DataFolder
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode GroupAndOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const string CatalogName = "catalog.db", EventsName = "events.db", JournalName = "events.journal", LockName = "lock";

    private DataFolder(string path) => FolderPath = path;

    /// <summary>The folder, absolute.</summary>
    public string FolderPath { get; }

    /// <summary>The projects, keys and renders.</summary>
    public string CatalogPath => Path.Combine(FolderPath, CatalogName);

    /// <summary>The stored events.</summary>
    public string EventsPath => Path.Combine(FolderPath, EventsName);

    /// <summary>The journal, which an event enters first.</summary>
    public string JournalPath => Path.Combine(FolderPath, JournalName);

    /// <summary>What <see cref="ProcessLock"/> locks.</summary>
    public string LockPath => Path.Combine(FolderPath, LockName);

    /// <summary>Takes a folder as it is, creating it and tightening its mode where that is needed.</summary>
    /// <param name="path">Relative to the working folder, or absolute.</param>
    /// <exception cref="EdgeException">It is a file, cannot be created, or is open to others and cannot be tightened.</exception>
    public static DataFolder Open(string path)
    {
        var folder = new DataFolder(Path.GetFullPath(path));
        try
        {
            if (File.Exists(folder.FolderPath))
                throw new EdgeException($"{folder.FolderPath}: is a file; the data folder must be a folder");
            if (!Directory.Exists(folder.FolderPath))
                Create(folder.FolderPath);
            Tighten(folder.FolderPath);
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{folder.FolderPath}: cannot be used as the data folder ({e.Message})", inner: e);
        }
    }

    /// <summary>Takes a folder that must be there, for commands that only read.</summary>
    /// <exception cref="EdgeException">It is not there, or as for <see cref="Open"/>.</exception>
    public static DataFolder OpenExisting(string path)
    {
        var absolute = Path.GetFullPath(path);
        return Directory.Exists(absolute) || File.Exists(absolute)
            ? Open(absolute)
            : throw new EdgeException($"{absolute}: there is no such data folder; name it with --data or dataDirectory");
    }

    /// <summary>Opens a file of this folder for reading and writing, creating it empty if it is not there: 0600, and the folder's owner
    /// when root creates it. What is there already keeps its owner.</summary>
    /// <param name="path">A path directly in this folder.</param>
    /// <exception cref="EdgeException">The file can be neither opened nor created.</exception>
    public static SafeFileHandle CreateOwned(string path)
    {
        try
        {
            var file = PosixFile.OpenOrCreate(path, out var isNew);
            // Only what was made here: a link that somebody put in this folder must not move the owner of what it leads to.
            if (isNew)
                PosixFile.GiveToOwnerOfFolder(file, path);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{path}: cannot be opened ({e.Message})", inner: e);
        }
    }

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FolderMode);
    }

    private static void Tighten(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(path);
        if ((mode & GroupAndOthers) == 0)
            return;
        var user = PosixFile.EffectiveUser();
        if (user != 0 && PosixFile.OwnerOf(path) is { } owner && owner.User != user)
            throw new EdgeException($"{path}: is open to others and belongs to user {owner.User}, not to this process's user {user}; chown it or name a folder inside it");
        if (!IsOurs(path))
            throw new EdgeException($"{path}: is open to others and holds files that are not ours; name an empty or new folder, it will be closed to others (mode 0700)");
        File.SetUnixFileMode(path, FolderMode);
    }

    // A slip like --data /etc must not lock everybody out of a folder that other programs live in.
    private static bool IsOurs(string path)
    {
        var isEmpty = true;
        foreach (var entry in Directory.EnumerateFileSystemEntries(path))
        {
            if (Path.GetFileName(entry) is CatalogName or EventsName or JournalName or LockName or "config.json")
                return true;
            isEmpty &= Path.GetFileName(entry) == "lost+found"; // comes with a volume of its own, and is nobody's
        }

        return isEmpty && Path.GetPathRoot(path) != path;
    }
}
