using System.Diagnostics;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>Whether the machine is left to the measurement.</summary>
/// <param name="patience">How long to wait for others before a measurement.</param>
/// <param name="overlooks">Whether to overlook what others do: then nothing is waited for or left out.</param>
internal sealed class Calm(TimeSpan patience, bool overlooks)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>Returns when others have left the machine alone for a moment, or after a while all the same: what they did shows in what is
    /// measured next.</summary>
    public void Await()
    {
        var clock = Stopwatch.StartNew();
        while (!overlooks && clock.Elapsed < patience)
        {
            var start = MachineSample.Take();
            Thread.Sleep(Look);
            if (!MachineSample.Between(start, MachineSample.Take()).IsTooMuch)
                return;
        }
    }

    /// <summary>What others have done since a moment.</summary>
    public ForeignLoad OthersSince(MachineSample start) => overlooks ? default : MachineSample.Between(start, MachineSample.Take());

    /// <summary>Measures something until so many measurements were undisturbed, at most twice as often.</summary>
    /// <returns>The undisturbed ones.</returns>
    public Spread Repeat(int times, Func<double> measure)
    {
        var values = new List<double>();
        for (var i = 0; i < 2 * times && values.Count < times; i++)
        {
            Await();
            var start = MachineSample.Take();
            var value = measure();
            if (!OthersSince(start).IsTooMuch)
                values.Add(value);
        }

        return Spread.Of(values);
    }
}
