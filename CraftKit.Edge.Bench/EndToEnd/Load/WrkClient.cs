using System.Diagnostics;
using System.Globalization;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary><c>wrk</c> with one thread.</summary>
/// <remarks>A script that looked at every answer would cost more than the server. What was recorded is told by the number of bytes instead:
/// the two answers of a server are of different length, and wrk counts what it read.</remarks>
internal sealed class WrkClient : ILoadClient
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "EndToEnd", "Load", "wrk.lua");

    public string Name => "wrk -t1";

    /// <summary>Whether wrk is on the path.</summary>
    public static bool IsInstalled => Programs.Find("wrk") is not null;

    public LoadResult Run(Server server, RequestFile requests, int connections, TimeSpan time)
    {
        var start = new ProcessStartInfo("wrk") { RedirectStandardOutput = true };
        string[] arguments =
        [
            "-t1", $"-c{connections}", $"-d{(int)time.TotalSeconds}s", "--timeout", "30s", "-s", Script, $"{server.Url}",
            "--", requests.Path, $"{requests.Template.Length}", $"{requests.Count}",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var before = CpuUsage.OfEndedChildren();
        using var wrk = Process.Start(start)!;
        var output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal));
        return wrk.ExitCode == 0 && line is not null
            ? Read(line, server.Answers, CpuUsage.OfEndedChildren() - before)
            : throw new InvalidOperationException($"wrk ended with exit code {wrk.ExitCode}: {output}");
    }

    /// <summary>Reads the line that the script prints at its end.</summary>
    /// <param name="line">The line: its members stand in the script.</param>
    /// <param name="lengths">Of the server's answers.</param>
    /// <param name="usage">Of wrk from its beginning; what it took to read the requests is taken off.</param>
    public static LoadResult Read(string line, AnswerLengths lengths, CpuUsage usage)
    {
        var numbers = line.Split(' ')[1..].Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var (answered, bytes, refused) = (numbers[2] - numbers[4], numbers[3], numbers[4] + numbers[5]);
        return new LoadResult
        {
            Seconds = numbers[0] / 1e6,
            Sent = numbers[1],
            Answered = answered,
            Recorded = refused == 0 ? lengths.RecordedIn(answered, bytes) : 0,
            Refused = refused,
            ClientSeconds = usage.Seconds - (numbers[10] / 1e6),
            ClientSleeps = usage.Sleeps,
            P50 = numbers[7],
            P99 = numbers[8],
            P999 = numbers[9],
        };
    }
}
