using System.Globalization;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>Resident memory of processes, mapping by mapping.</summary>
internal static class ResidentMemory
{
    /// <summary>Resident bytes of this process, all mappings together.</summary>
    public static long OfThisProcess()
    {
        // statm: size, resident, … in pages.
        var pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    /// <summary>Resident bytes of a process.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="except">Mappings of files whose path ends so are not counted.</param>
    public static long OfProcess(int processId, string except) => Of(File.ReadLines($"/proc/{processId}/smaps"), except);

    /// <summary>Resident bytes by the lines of a process's <c>smaps</c>.</summary>
    public static long Of(IEnumerable<string> lines, string except)
    {
        const string Resident = "Rss:";
        var counts = true;
        var kilobytes = 0L;
        foreach (var line in lines)
        {
            // A mapping begins with its addresses in lower-case hexadecimal and ends with its path, if it has one; its properties begin in upper case.
            if (char.IsAsciiHexDigitLower(line[0]))
                counts = !line.EndsWith(except, StringComparison.Ordinal);
            else if (counts && line.StartsWith(Resident, StringComparison.Ordinal))
                kilobytes += long.Parse(line.AsSpan(Resident.Length, line.Length - Resident.Length - "kB".Length), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }

        return kilobytes * 1024;
    }
}
