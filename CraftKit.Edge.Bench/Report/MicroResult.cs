using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.Report;

/// <summary>What BenchmarkDotNet measured of one benchmark.</summary>
/// <param name="Name">Class, method, and the parameters in parentheses, if any.</param>
/// <param name="Nanoseconds">Of one operation.</param>
/// <param name="AllocatedBytes">Of one operation.</param>
/// <param name="Date">When, UTC.</param>
internal sealed record MicroResult(string Name, Spread Nanoseconds, long AllocatedBytes, DateTime Date);
