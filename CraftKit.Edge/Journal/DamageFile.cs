using System.Globalization;
using System.Text;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Journal;

/// <summary>A file beside the journal that keeps what could not be read, as text: for each place a line that says where, then the
/// bytes in hexadecimal and, where printable, in ASCII. Named <c>events.journal.damaged-(UTC time)-(n)</c>, for the owner alone.</summary>
internal sealed class DamageFile(string journalPath, TimeProvider clock)
{
    private const int LineBytes = 16;

    /// <summary>Writes the places; returns the path. On failure nothing is left behind.</summary>
    /// <exception cref="IOException">No space, or the disk failed.</exception>
    public string Write(JournalImage image, IReadOnlyList<DamagedPlace> places)
    {
        var path = NewPath();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
            PosixFile.GiveToOwnerOfFolder(file.SafeFileHandle, path);
            foreach (var place in places)
                Write(file, image, place);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }

        return path;
    }

    /// <summary>Renames the whole journal; returns the path that it has now.</summary>
    /// <exception cref="IOException">The folder does not take the rename.</exception>
    public string TakeWhole()
    {
        var path = NewPath();
        File.Move(journalPath, path);
        return path;
    }

    private static void Write(FileStream file, JournalImage image, DamagedPlace place)
    {
        file.Write(Encoding.ASCII.GetBytes($"# offset {place.FileOffset}, {place.Bytes} bytes\n"));
        Span<byte> bytes = stackalloc byte[LineBytes];
        var line = new StringBuilder();
        long refused = 0;
        for (long done = 0; done < place.Bytes; done += LineBytes)
        {
            var wanted = (int)Math.Min(LineBytes, place.Bytes - done);
            var read = bytes[..image.Read(place.FileOffset + done, bytes[..wanted], ref refused)];
            line.Clear().Append(CultureInfo.InvariantCulture, $"{place.FileOffset + done:x12}: ");
            foreach (var value in read)
                line.Append(CultureInfo.InvariantCulture, $"{value:x2} ");
            line.Append(' ', 3 * (LineBytes - read.Length)).Append(' ');
            foreach (var value in read)
                line.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
            file.Write(Encoding.ASCII.GetBytes(line.Append('\n').ToString()));
        }
    }

    private string NewPath()
    {
        var stamp = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        for (var n = 1; ; n++)
        {
            var path = $"{journalPath}.damaged-{stamp}-{n}";
            if (!Path.Exists(path))
                return path;
        }
    }
}
