using System.Diagnostics;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A small file system of a test's own, gone at its end. The test is skipped, with the system's reason, only where mounting is not
/// permitted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _filler;
    private bool _frozen;

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
        disk.Mount("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "tmpfs", disk.MountPath);
        return disk;
    }

    /// <summary>ext4 in a file, which can be frozen.</summary>
    public static SmallDisk Ext4(int mebibytes)
    {
        var disk = new SmallDisk();
        var image = disk._folder["image"];
        using (var file = File.Create(image))
            file.SetLength((long)mebibytes << 20);
        disk.Mount("mkfs.ext4", "-q", image);
        disk.Mount("mount", "-o", "loop", image, disk.MountPath);
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

    /// <summary>From now on every write and sync waits.</summary>
    public void Freeze()
    {
        _frozen = true;
        Run("fsfreeze", "-f", MountPath);
    }

    /// <summary>Writes go on.</summary>
    public void Thaw()
    {
        Run("fsfreeze", "-u", MountPath);
        _frozen = false;
    }

    public void Dispose()
    {
        if (_frozen)
            Thaw();
        // Whoever still has files there is on its way out.
        for (var attempt = 1; TryRun(out var error, "umount", MountPath) != 0; attempt++)
        {
            Assert.True(attempt < 50, error);
            Thread.Sleep(100);
        }
        _folder.Dispose();
    }

    private static void Run(params string[] command) => Assert.True(TryRun(out var error, command) == 0, error);

    private static int TryRun(out string error, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Mount(params string[] command)
    {
        if (TryRun(out var error, command) == 0)
            return;
        _folder.Dispose();
        Assert.SkipWhen(!Environment.IsPrivilegedProcess || error.Contains("permi", StringComparison.OrdinalIgnoreCase), error);
        Assert.Fail(error);
    }
}
