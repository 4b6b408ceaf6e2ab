using System.Diagnostics;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>How long a disk takes to have what was written.</summary>
internal static class SyncTime
{
    private const int Times = 100;
    private const int PageBytes = 16 * 1024;

    /// <summary>Appends a page to a file and syncs it, time and again.</summary>
    /// <param name="folder">Where; made if it is not there.</param>
    /// <returns>Microseconds, one for each time.</returns>
    public static double[] Measure(string folder)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "sync");
        var page = new byte[PageBytes];
        var times = new double[Times];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            for (var i = 0; i < Times; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write(page);
                file.Flush(flushToDisk: true);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        File.Delete(path);
        return times;
    }
}
