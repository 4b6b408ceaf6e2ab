using System.Globalization;

namespace CraftKit.Edge.Bench.Statistics;

/// <summary>How the time of all processors was spent up to some moment, as the first line of <c>/proc/stat</c> tells it.</summary>
/// <param name="Total">Seconds of all processors together.</param>
/// <param name="Idle">The part in which they had nothing to do, waiting for a disk included.</param>
/// <param name="Stolen">The part in which the hypervisor gave them to other machines.</param>
internal readonly record struct MachineTime(double Total, double Idle, double Stolen)
{
    // The unit of /proc/stat: USER_HZ, 100 a second on every Linux.
    private const double TicksASecond = 100;

    /// <summary>The part in which processors of this machine worked.</summary>
    public double Busy => Total - Idle - Stolen;

    /// <summary>Reads the line "cpu user nice system idle iowait irq softirq steal guest guest_nice".</summary>
    /// <exception cref="FormatException">It is not that line.</exception>
    public static MachineTime Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 9 || words[0] != "cpu")
            throw new FormatException($"/proc/stat begins with \"{line}\"");

        // Guests' time is contained in user and nice already.
        var ticks = words[1..9].Select(word => double.Parse(word, CultureInfo.InvariantCulture) / TicksASecond).ToArray();
        return new MachineTime(ticks.Sum(), ticks[3] + ticks[4], ticks[7]);
    }

    /// <summary>Now.</summary>
    public static MachineTime Read() => Parse(File.ReadLines("/proc/stat").First());

    /// <summary>What was spent between two moments.</summary>
    public static MachineTime operator -(MachineTime end, MachineTime start) =>
        new(end.Total - start.Total, end.Idle - start.Idle, end.Stolen - start.Stolen);
}
