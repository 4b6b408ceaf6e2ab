using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>A file system of its own in an image file, mounted in a temporary folder while this lives.</summary>
internal sealed class DiskImage : IDisposable
{
    private readonly string _root;

    private DiskImage(string root) => _root = root;

    /// <summary>Where it is mounted.</summary>
    public string Folder => Path.Combine(_root, "mount");

    /// <summary>Makes and mounts one; skips the test, with the reason, where this machine does not allow that.</summary>
    public static DiskImage MountOrSkip(string makeFileSystem, int megabytes)
    {
        var disk = new DiskImage(Directory.CreateTempSubdirectory("disk-").FullName);
        Directory.CreateDirectory(disk.Folder);
        var image = Path.Combine(disk._root, "image");
        using (var file = File.Create(image))
            file.SetLength((long)megabytes << 20);
        var refusal = Run([.. makeFileSystem.Split(' '), image]) ?? Run(["mount", "-o", "loop", image, disk.Folder]);
        if (refusal is not null)
        {
            Directory.Delete(disk._root, recursive: true);
            Assert.Skip(refusal);
        }

        return disk;
    }

    /// <summary>Takes every block that is left.</summary>
    public void FillUp()
    {
        var number = 0;
        for (var chunk = 1 << 20; chunk >= 512; chunk /= 2)
        {
            var block = new byte[chunk];
            new Random(chunk).NextBytes(block);
            using var filler = new FileStream(Path.Combine(Folder, $"filler{number++}"), FileMode.Create, FileAccess.Write, FileShare.None, 0);
            try
            {
                while (true)
                {
                    filler.Write(block);
                    filler.Flush(flushToDisk: true);
                }
            }
            catch (IOException)
            {
                // Full for blocks of this size; smaller ones may still fit.
            }
        }
    }

    public void Dispose()
    {
        var refusal = Run(["umount", Folder]);
        if (refusal is null)
            Directory.Delete(_root, recursive: true);
        else
            Assert.Fail(refusal);
    }

    private static string? Run(string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0]) { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in command.Skip(1))
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{string.Join(' ', command)}: exit code {process.ExitCode}: {errors.Trim()}";
        }
        catch (Win32Exception failure)
        {
            return $"{command[0]}: {failure.Message}";
        }
    }
}
