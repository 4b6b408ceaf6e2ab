using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>A result as text for a terminal.</summary>
internal static class ResultTable
{
    /// <summary>The table, and a line about the events of each server.</summary>
    public static string Of(ScenarioResult result)
    {
        var text = new StringBuilder();
        if (result.Servers.Count > 0)
            AddServers(text, result);
        foreach (var figure in result.Figures)
            text.Append(Of(figure)).Append('\n');
        return text.ToString();
    }

    private static void AddServers(StringBuilder text, ScenarioResult result)
    {
        Add($"\n{result.Client}, {result.Connections} connections, rounds of {result.Seconds:0} s");
        Add($"{"",-20}{"req/s",10}{"CPU µs",9}{"p50 µs",9}{"p99 µs",9}{"p99.9 µs",10}{"client µs",11}{"sleeps",8}{"rest s",8}{"rounds",8}");
        foreach (var server in result.Servers)
        {
            var rate = Spread.Of(server.Each(round => round.Rate).OfType<double>());
            Add($"{server.Name,-20}{rate.Median,10:N0}{Median(server, round => round.CpuMicroseconds),9:0.00}{Median(server, round => round.Load.P50),9:N0}"
                + $"{Median(server, round => round.Load.P99),9:N0}{Median(server, round => round.Load.P999),10:N0}"
                + $"{Median(server, round => round.ClientMicroseconds),11:0.00}{Median(server, round => round.ClientSleeps),8:0.00}{Median(server, round => round.RestSeconds),8:0.0}"
                + $"{$"{rate.Count}/{server.Rounds.Count}",8}");
        }

        var service = result.Servers[0];
        foreach (var other in result.Servers.Skip(1))
        {
            Add($"{service.Name} / {other.Name}: req/s {Ratio(round => round.Rate)}, CPU {Ratio(round => round.CpuMicroseconds)}, "
                + $"p50 {Ratio(round => round.Load.P50)}, p99 {Ratio(round => round.Load.P99)}, p99.9 {Ratio(round => round.Load.P999)}");

            string Ratio(Func<RoundResult, double> value)
            {
                var ratio = PairedRatio.Of(service.Each(value), other.Each(value));
                return $"{ratio.Median:0.00} [{ratio.Low:0.00} {ratio.High:0.00}]";
            }
        }

        foreach (var server in result.Servers)
            Add($"{server.Name}: {Balance(server.Events)}");

        void Add(string line) => text.Append(line).Append('\n');
    }

    /// <summary>A figure in a line.</summary>
    public static string Of(Figure figure) =>
        $"{figure.Name}: {figure.Value.Median:#,0.00} {figure.Unit} [{figure.Value.Low:#,0.00} {figure.Value.High:#,0.00}], {figure.Value.Count} times";

    /// <summary>What a server was sent, answered and stored, in a line.</summary>
    public static string Balance(EventBalance events)
    {
        var line = events.Stored is { } stored
            ? $"{stored:N0} events in the database = {events.Recorded:N0} answers of recorded:true + {events.Untold:N0} not waited for; {events.Sent:N0} were sent"
            : $"{events.Recorded:N0} answers of recorded:true";
        return line + (events.Refused > 0 ? $"; {events.Refused:N0} refused" : "") + (events.IsRight ? ": right" : ": WRONG");
    }

    private static double Median(ServerResult server, Func<RoundResult, double> value) => Spread.Of(server.Each(value).OfType<double>()).Median;
}
