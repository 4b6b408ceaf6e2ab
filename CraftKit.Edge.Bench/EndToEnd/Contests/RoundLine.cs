using System.Globalization;
using CraftKit.Edge.Bench.EndToEnd.Results;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>What is said of a round while a contest runs.</summary>
internal static class RoundLine
{
    /// <summary>One line.</summary>
    public static string Of(string server, RoundResult result) => string.Create(CultureInfo.InvariantCulture,
        $"  round {result.Round + 1,2}  {server,-20}{result.Rate,10:N0}/s{result.CpuMicroseconds,8:0.00} µs CPU  p99 {result.Load.P99,7:N0} µs")
        + (result.Others.IsTooMuch
            ? string.Create(CultureInfo.InvariantCulture, $"  left out: others used {result.Others.Foreign:P1} of the machine, {result.Others.Stolen:P1} was stolen, {result.Others.Unexplained:P1} unexplained")
            : "");
}
