using CraftKit.Edge.Platform;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Journal;

/// <summary>The file of a journal, opened for reading alone. Read by calls, not mapped: a file that is cut short meanwhile or a
/// broken disk then costs bytes, not the process.</summary>
internal sealed class JournalImage : IDisposable
{
    private const int Block = 4096;

    private readonly SafeFileHandle _file;

    private JournalImage(SafeFileHandle file)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
    }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens the file; null when there is none.</summary>
    /// <exception cref="EdgeException">It may not be opened, or it is no file.</exception>
    public static JournalImage? Open(string path)
    {
        try
        {
            return new JournalImage(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new EdgeException($"{Path.GetFileName(path)}: cannot be opened ({failure.Message}); check its permissions", inner: failure);
        }
    }

    /// <summary>Reads from <paramref name="offset"/>; returns how many bytes the file has there. What the disk refuses to give is
    /// filled with 0xFF, which is no record, and added to <paramref name="refusedBytes"/>.</summary>
    public int Read(long offset, Span<byte> buffer, ref long refusedBytes)
    {
        var wanted = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        try
        {
            return ReadFully(offset, buffer[..wanted]);
        }
        catch (IOException)
        {
            // Not swallowed: the blocks that fail again are counted and reported as damage.
        }

        for (var start = 0; start < wanted; start += Block)
        {
            var block = buffer[start..Math.Min(start + Block, wanted)];
            try
            {
                ReadFully(offset + start, block);
            }
            catch (IOException)
            {
                block.Fill(0xFF);
                refusedBytes += block.Length;
            }
        }

        return wanted;
    }

    public void Dispose() => _file.Dispose();

    private int ReadFully(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_file, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }
}
