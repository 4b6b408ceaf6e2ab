using CraftKit.Edge.Tests.Platform;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>Command lines that run the program under <c>strace</c>, which follows it as a process of its own and ends with it.</summary>
internal static class Strace
{
    /// <summary>Makes the first opening of <paramref name="path"/> take <paramref name="delay"/>.</summary>
    public static IReadOnlyList<string> DelayOpening(TemporaryFolder log, string path, TimeSpan delay) =>
    [
        "strace", "-D", "-f", "-o", log["delays"], "-P", path, "-e", "trace=openat", "-e", $"inject=openat:delay_enter={(long)delay.TotalMicroseconds}:when=1",
    ];

    /// <summary>Makes syncs of <paramref name="path"/> fail, from the <paramref name="first"/>-th to the <paramref name="last"/>-th of a thread.</summary>
    public static IReadOnlyList<string> FailSyncs(string log, string path, int first, int last) =>
        ["strace", "-D", "-f", "-o", log, "-P", path, "-e", "trace=fsync,fdatasync", "-e", $"inject=fsync,fdatasync:error=EIO:when={first}..{last}"];

    /// <summary>Writes each call of the named ones into <paramref name="log"/>.</summary>
    public static IReadOnlyList<string> Calls(string log, string calls) =>
        ["strace", "-D", "-f", "-ttt", "-y", "-s", "256", "-o", log, "-e", $"trace={calls}", "-e", "signal=none"];

    /// <summary>Writes each call of the named ones that is about one of <paramref name="paths"/> into <paramref name="log"/>, with the stack that it came
    /// from.</summary>
    public static IReadOnlyList<string> CallsWithStacks(string log, string calls, IEnumerable<string> paths) =>
        [.. Calls(log, calls), "-k", .. paths.SelectMany(path => new[] { "-P", path })];
}
