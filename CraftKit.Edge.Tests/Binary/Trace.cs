using System.Globalization;
using System.Text.RegularExpressions;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A finished log of <see cref="Strace.Calls"/>: the calls in the order in which they began.</summary>
internal sealed partial class Trace
{
    private Trace(string text, IReadOnlyList<Call> calls) => (Text, Calls) = (text, calls);

    /// <summary>The whole log.</summary>
    public string Text { get; }

    public IReadOnlyList<Call> Calls { get; }

    /// <summary>Reads a log whose process has ended; waits for the tracer's last line.</summary>
    public static async Task<Trace> ReadAsync(string path)
    {
        var text = "";
        for (var attempt = 0; attempt < 200; attempt++)
        {
            text = await File.ReadAllTextAsync(path);
            if (LastLine().IsMatch(text))
                break;
            await Task.Delay(50);
        }

        var calls = new List<Call>();
        var unfinished = new Dictionary<string, Call>();
        Call? last = null;
        var lines = text.Split('\n');
        for (var number = 0; number < lines.Length; number++)
        {
            if (lines[number].StartsWith(" > ", StringComparison.Ordinal))
                last?.Stack.Add(lines[number]);
            var line = Line().Match(lines[number]);
            if (!line.Success)
                continue;
            var (thread, rest) = (line.Groups[1].Value, line.Groups[3].Value);
            var time = double.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture);
            if (rest.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (unfinished.Remove(thread, out last) && last is { } begun)
                    (begun.Text, begun.End, begun.EndTime) = (begun.Text + rest[(rest.IndexOf('>', StringComparison.Ordinal) + 1)..], number, time);
                continue;
            }
            var call = new Call(rest[..Math.Max(0, rest.IndexOf('(', StringComparison.Ordinal))], number, time) { Text = rest, End = number, EndTime = time };
            calls.Add(call);
            last = call;
            if (rest.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                (call.Text, call.End, unfinished[thread]) = (rest[..^"<unfinished ...>".Length], int.MaxValue, call);
        }
        return new Trace(text, calls);
    }

    [GeneratedRegex(@"^(\d+) +([\d.]+) (.+)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"\+\+\+ (exited with|killed by) [^\n]* \+\+\+\n$")]
    private static partial Regex LastLine();

    /// <summary>A system call.</summary>
    /// <param name="Name">Such as <c>openat</c>.</param>
    /// <param name="Begin">The line on which it began.</param>
    /// <param name="BeginTime">When it began, in seconds.</param>
    internal sealed record Call(string Name, int Begin, double BeginTime)
    {
        /// <summary>Arguments and result, as strace writes them.</summary>
        public string Text { get; set; } = "";

        /// <summary>Where it came from, innermost first, when the tracer was asked for it.</summary>
        public List<string> Stack { get; } = [];

        /// <summary>The line on which it returned; the largest number when it did not.</summary>
        public int End { get; set; }

        /// <summary>When it returned, in seconds.</summary>
        public double EndTime { get; set; }

        /// <summary>Whether it returned and did not fail.</summary>
        public bool Succeeded => End != int.MaxValue && !Text.Contains(" = -1 E", StringComparison.Ordinal);
    }
}
