using System.Globalization;
using System.Text;

namespace CraftKit.Edge.Metrics;

/// <summary>Writes metrics in Prometheus' text format 0.0.4: a family at a time, its help and type, then its samples.</summary>
internal sealed class PrometheusText
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(16_384);
    private string _name = "";

    /// <summary>Begins a counter: a number that only grows while the process lives.</summary>
    /// <param name="name">Ends in <c>_total</c>.</param>
    /// <param name="help">What it counts, one sentence.</param>
    public PrometheusText Counter(string name, string help) => Begin(name, "counter", help);

    /// <summary>Begins a gauge: a number that goes up and down.</summary>
    public PrometheusText Gauge(string name, string help) => Begin(name, "gauge", help);

    /// <summary>Begins a histogram.</summary>
    public PrometheusText Histogram(string name, string help) => Begin(name, "histogram", help);

    /// <summary>Adds a sample to the family.</summary>
    /// <param name="value">In base units.</param>
    /// <param name="labels">Names and values; values may be any text, but of a few kinds only.</param>
    public PrometheusText Add(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        Sample("", labels, null);
        Number(value);
        return this;
    }

    /// <inheritdoc cref="Add(double, ReadOnlySpan{ValueTuple{string, string}})"/>
    public PrometheusText Add(long value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        Sample("", labels, null);
        Number(value);
        return this;
    }

    /// <summary>Adds the series of a latency histogram, in seconds.</summary>
    /// <param name="counts">One count a bucket of <see cref="LatencyBuckets"/>.</param>
    /// <param name="sumTicks">The sum of what was counted, in 100 ns.</param>
    /// <param name="labels">Names and values.</param>
    public PrometheusText Add(ReadOnlySpan<long> counts, long sumTicks, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        // All counts come from one reading, so that the last bucket, which holds everything, equals the count.
        var (bucket, upTo) = (0, 0L);
        foreach (var published in LatencyBuckets.All.Published)
        {
            for (; bucket <= published; bucket++)
                upTo += counts[bucket];
            Sample("_bucket", labels, Seconds(LatencyBuckets.All.Bounds[published]));
            Number(upTo);
        }

        for (; bucket < counts.Length; bucket++)
            upTo += counts[bucket];
        Sample("_bucket", labels, "+Inf");
        Number(upTo);
        Sample("_sum", labels, null);
        Number(sumTicks / (double)TimeSpan.TicksPerSecond);
        Sample("_count", labels, null);
        Number(upTo);
        return this;
    }

    /// <summary>The whole text in UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    private static string Seconds(long ticks) => (ticks / (double)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture);

    private PrometheusText Begin(string name, string type, string help)
    {
        _name = name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal));
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    private void Sample(string suffix, ReadOnlySpan<(string Name, string Value)> labels, string? bound)
    {
        _text.Append(_name).Append(suffix);
        var mark = '{';
        foreach (var (name, value) in labels)
            Label(name, value, ref mark);
        if (bound is not null)
            Label("le", bound, ref mark);
        if (mark == ',')
            _text.Append('}');
        _text.Append(' ');
    }

    private void Label(string name, string value, ref char mark)
    {
        _text.Append(mark).Append(name).Append("=\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append(@"\n"),
                _ => _text.Append(character),
            };
        }

        _text.Append('"');
        mark = ',';
    }

    private void Number(long value) => _text.Append(CultureInfo.InvariantCulture, $"{value}\n");

    private void Number(double value) => _text.Append(value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    }).Append('\n');
}
