using System.Globalization;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>The CPU time of all processes of the machine up to some moment, by whom they belong to.</summary>
/// <remarks>A process's time includes that of its children that have ended, as the kernel adds it up. So what began and ended between two
/// moments shows in who had started it, and the sums only ever grow.</remarks>
/// <param name="Own">Seconds of one process and all that descend from it.</param>
/// <param name="Kernel">Seconds of the kernel's own threads: they write to disk what processes left to them.</param>
/// <param name="Foreign">Seconds of everybody else.</param>
internal readonly record struct ProcessTable(double Own, double Kernel, double Foreign)
{
    private const double TicksASecond = 100; // USER_HZ
    private const int KernelThread = 0x0020_0000; // PF_KTHREAD of the kernel's sched.h

    /// <summary>Adds up processes.</summary>
    /// <param name="stats">What <c>/proc/ID/stat</c> says of each.</param>
    /// <param name="self">The id of the process that is the root of one's own.</param>
    public static ProcessTable Of(IEnumerable<string> stats, int self)
    {
        var processes = stats.Select(Read).ToDictionary(process => process.Id);
        double own = 0, kernel = 0, foreign = 0;
        foreach (var process in processes.Values)
        {
            if (process.IsKernel)
                kernel += process.Seconds;
            else if (DescendsFrom(process, self))
                own += process.Seconds;
            else
                foreign += process.Seconds;
        }

        return new ProcessTable(own, kernel, foreign);

        bool DescendsFrom(Entry process, int ancestor)
        {
            while (process.Id != ancestor)
            {
                if (!processes.TryGetValue(process.Parent, out process))
                    return false;
            }

            return true;
        }
    }

    /// <summary>Now, with this process as the root of one's own.</summary>
    public static ProcessTable Read() => Of(
        Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(TryReadStat).OfType<string>(),
        Environment.ProcessId);

    /// <summary>What was spent between two moments.</summary>
    public static ProcessTable operator -(ProcessTable end, ProcessTable start) =>
        new(end.Own - start.Own, end.Kernel - start.Kernel, end.Foreign - start.Foreign);

    private static string? TryReadStat(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (IOException)
        {
            return null; // it ended since the folder was listed
        }
    }

    // The name, field 2 of proc(5), stands in parentheses and may contain anything; the state after it is field 3.
    private static Entry Read(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new Entry(
            int.Parse(stat.AsSpan(0, stat.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture),
            (int)Number(4),
            (Number(9) & KernelThread) != 0,
            (Number(14) + Number(15) + Number(16) + Number(17)) / TicksASecond);

        long Number(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
    }

    private readonly record struct Entry(int Id, int Parent, bool IsKernel, double Seconds);
}
