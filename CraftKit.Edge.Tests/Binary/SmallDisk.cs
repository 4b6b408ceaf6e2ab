using System.Diagnostics;
using System.Globalization;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A small file system of a test's own, gone at its end. The test is skipped, with the system's reason, only where mounting is not
/// permitted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _filler;
    private readonly List<string> _mounts = [];

    private SmallDisk()
    {
        MountPath = Directory.CreateDirectory(_folder["disk"]).FullName;
        _filler = Path.Combine(MountPath, "filler");
    }

    /// <summary>Where it is mounted.</summary>
    public string MountPath { get; }

    /// <summary>In memory.</summary>
    public static SmallDisk Tmpfs(int mebibytes)
    {
        var disk = new SmallDisk();
        disk.Mount(disk.MountPath, "mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "tmpfs", disk.MountPath);
        return disk;
    }

    /// <summary>ext4 in a file of another ext4, so that the disk under it can be stalled.</summary>
    public static SmallDisk Ext4(int mebibytes)
    {
        var disk = new SmallDisk();
        var under = Directory.CreateDirectory(disk._folder["under"]).FullName;
        disk.MountImage(disk._folder["image"], mebibytes * 3L / 2, under);
        disk.MountImage(Path.Combine(under, "image"), mebibytes, disk.MountPath);
        return disk;
    }

    /// <summary>Takes all space that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var bytes in new[] { 1 << 16, 1 << 12, 1 })
        {
            try
            {
                while (true)
                    filler.Write(new byte[bytes]);
            }
            catch (IOException)
            {
                // So many do not fit any more; fewer may.
            }
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(_filler);

    /// <summary>The disk answers nothing for a while: syncs, and whatever has to come from it or go to it, wait.</summary>
    /// <returns>Once that has begun: the end of it.</returns>
    public Task<Task> StallAsync(TimeSpan duration) => FreezeAsync(_mounts[0], duration);

    /// <summary>The file system itself is frozen for a while, as for a snapshot: every change of a file waits, also through a mapping.</summary>
    /// <returns>Once that has begun: the end of it.</returns>
    public Task<Task> FreezeAsync(TimeSpan duration) => FreezeAsync(MountPath, duration);

    /// <summary>Writes a file and syncs it.</summary>
    public void WriteAndSync()
    {
        using var file = new FileStream(Path.Combine(MountPath, "synced"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(new byte[4096]);
        file.Flush(flushToDisk: true);
    }

    public void Dispose()
    {
        foreach (var mount in _mounts.AsEnumerable().Reverse())
        {
            // Whoever still has files there is on its way out.
            for (var attempt = 1; TryRun(out var error, "umount", mount) != 0; attempt++)
            {
                Assert.True(attempt < 50, error);
                Thread.Sleep(100);
            }
        }
        _folder.Dispose();
    }

    // One process does both, so that nothing stays frozen when the tests die.
    private static async Task<Task> FreezeAsync(string mount, TimeSpan duration)
    {
        const string Script = "fsfreeze -f \"$0\" && echo frozen && sleep \"$1\"; fsfreeze -u \"$0\"";
        var start = new ProcessStartInfo("bash", ["-c", Script, mount, duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        Assert.Equal("frozen", await process.StandardOutput.ReadLineAsync());
        return ThawedAsync();

        async Task ThawedAsync()
        {
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }
    }

    private static int TryRun(out string error, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private void MountImage(string image, long mebibytes, string path)
    {
        using (var file = File.Create(image))
            file.SetLength(mebibytes << 20);
        Assert.True(TryRun(out var error, "mkfs.ext4", "-q", image) == 0, error);
        Mount(path, "mount", "-o", "loop", image, path);
    }

    private void Mount(string path, params string[] command)
    {
        if (TryRun(out var error, command) == 0)
        {
            _mounts.Add(path);
            return;
        }
        Dispose();
        Assert.SkipWhen(!Environment.IsPrivilegedProcess || error.Contains("permi", StringComparison.OrdinalIgnoreCase), error);
        Assert.Fail(error);
    }
}
