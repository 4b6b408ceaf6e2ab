using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>Holds a data folder for one process: the one that serves, or a command that must not run beside it.</summary>
/// <remarks>
/// The lock file's eight bytes tell the role of who holds it, for those who find it taken. They are written after the lock was taken and
/// never taken back, so for an instant after a change of hands they tell the role of the holder before: whoever acts on
/// <see cref="LockRole.Serve"/> has read it twice, <see cref="Pause"/> apart, with the lock taken both times. Nothing rests on them
/// but the choice between refusing and waiting; exclusion is the system's lock alone, and no process id is kept.
/// </remarks>
internal sealed class ProcessLock : IDisposable
{
    /// <summary>How long a holder waits for a command to end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _file;

    private ProcessLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the folder for a process that will serve it. Waits for a command, at most <paramref name="patience"/>.</summary>
    /// <exception cref="EdgeException">Another process serves the folder (told at once), or a command held it for all that time.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public static ProcessLock TakeToServe(DataFolder folder, TimeProvider clock, TimeSpan patience, CancellationToken cancellation) =>
        Take(folder, LockRole.Serve, clock, patience, cancellation)
        ?? throw new EdgeException($"{folder.FolderPath}: another craftkit-edge is serving this data folder; stop it first or name another folder with --data");

    /// <summary>Takes the folder for a command that must not run beside a serving process. Waits for another command, at most
    /// <paramref name="patience"/>.</summary>
    /// <returns>The lock; null when a process serves the folder, without waiting for it.</returns>
    /// <exception cref="EdgeException">Another command held it for all that time.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public static ProcessLock? TryTakeForCommand(DataFolder folder, TimeProvider clock, TimeSpan patience, CancellationToken cancellation) =>
        Take(folder, LockRole.Command, clock, patience, cancellation);

    /// <summary>Gives the folder back. The death of the process does the same.</summary>
    public void Dispose() => _file.Dispose();

    private static ProcessLock? Take(DataFolder folder, LockRole role, TimeProvider clock, TimeSpan patience, CancellationToken cancellation)
    {
        var file = DataFolder.CreateOwned(folder.LockPath);
        try
        {
            var start = clock.GetTimestamp();
            var sawServe = false;
            while (!FileLock.TryTake(file))
            {
                var isServe = ReadRole(file) == LockRole.Serve;
                var waited = clock.GetElapsedTime(start);
                if (isServe && sawServe)
                {
                    file.Dispose();
                    return null;
                }

                sawServe = isServe;
                if (!isServe && waited >= patience)
                    throw new EdgeException($"{folder.FolderPath}: another command holds this data folder; try again when it has ended");
                if (cancellation.WaitHandle.WaitOne(Pause))
                    throw new OperationCanceledException(cancellation);
            }

            WriteRole(file, role);
            return new ProcessLock(file);
        }
        catch (IOException e)
        {
            file.Dispose();
            throw new EdgeException($"{folder.LockPath}: cannot be locked ({e.Message}); the data folder must be on a local file system", inner: e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static LockRole ReadRole(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[8];
        var text = bytes[..RandomAccess.Read(file, bytes, 0)];
        return text.SequenceEqual(TextOf(LockRole.Serve)) ? LockRole.Serve
            : text.SequenceEqual(TextOf(LockRole.Command)) ? LockRole.Command
            : LockRole.Unknown;
    }

    // One write of a fixed length, so that nobody reads half a word.
    private static void WriteRole(SafeFileHandle file, LockRole role) => RandomAccess.Write(file, TextOf(role), 0);

    private static ReadOnlySpan<byte> TextOf(LockRole role) => role == LockRole.Serve ? "serve  \n"u8 : "command\n"u8;
}
