using System.Diagnostics;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>How long answers of the event route took over a while.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds;

    private Latencies(List<double> milliseconds) => _milliseconds = milliseconds;

    public int Count => _milliseconds.Count;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    public double Max => _milliseconds[^1];

    /// <summary>Sends an event a millisecond or so on each of two connections until <paramref name="end"/>; every one of them must be taken.</summary>
    public static async Task<Latencies> MeasureAsync(ServedFolder folder, Told told, Func<long> nextScope, Task end)
    {
        var milliseconds = new List<double>();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            using var client = folder.Connect();
            while (!end.IsCompleted)
            {
                var start = Stopwatch.GetTimestamp();
                var answer = await told.PostAsync(client, DedupeScope.Number(nextScope()));
                var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (answer is not { IsRecorded: true })
                    throw new InvalidOperationException($"an event was not taken: {answer}");
                lock (milliseconds)
                    milliseconds.Add(took);
                await Task.Delay(1);
            }
        })));
        await end;
        milliseconds.Sort();
        return new Latencies(milliseconds);
    }

    public override string ToString() => $"{Count} answers, median {Median:F2} ms, p99 {P99:F2} ms, longest {Max:F2} ms";

    private double At(double share) => _milliseconds[(int)((Count - 1) * share)];
}
