using System.Globalization;
using System.Net;
using System.Text;

namespace CraftKit.Edge.Bench.Report;

/// <summary>A chart of horizontal bars as SVG. Its colours are those of the reader's system, light or dark; it has no background of its own.</summary>
internal static class BarChart
{
    private const int Width = 760, LabelWidth = 290, RowHeight = 30, BarHeight = 16, HeadHeight = 54, ValueWidth = 70;

    /// <summary>The chart.</summary>
    /// <param name="title">What is shown, a line.</param>
    /// <param name="bars">Label and value, above 0, from the top.</param>
    /// <param name="mark">A value that is marked by a line across, such as 1 for ratios.</param>
    public static string Of(string title, IReadOnlyList<(string Label, double Value)> bars, double mark)
    {
        var height = HeadHeight + (bars.Count * RowHeight) + 14;
        var scale = (Width - LabelWidth - ValueWidth) / Math.Max(mark, bars.Count == 0 ? mark : bars.Max(bar => bar.Value));
        var svg = new StringBuilder();
        svg.Append($$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{height}}" role="img" aria-label="{{Escape(title)}}">
            <style>
            text { font: 14px system-ui, sans-serif; fill: #24292f }
            .title { font-weight: 600 }
            .bar { fill: #0969da }
            .mark { stroke: #57606a; stroke-dasharray: 3 3 }
            .small { font-size: 12px; fill: #57606a }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 } .bar { fill: #58a6ff } .mark { stroke: #8b949e } .small { fill: #8b949e }
            }
            </style>
            <text class="title" x="0" y="18">{{Escape(title)}}</text>
            <line class="mark" x1="{{Number(LabelWidth + (mark * scale))}}" y1="{{HeadHeight - 8}}" x2="{{Number(LabelWidth + (mark * scale))}}" y2="{{height - 8}}"/>
            <text class="small" x="{{Number(LabelWidth + (mark * scale))}}" y="{{HeadHeight - 14}}" text-anchor="middle">{{Number(mark)}}</text>

            """);
        for (var i = 0; i < bars.Count; i++)
        {
            var (label, value) = bars[i];
            var top = HeadHeight + (i * RowHeight);
            svg.Append($"""
                <text x="{LabelWidth - 10}" y="{top + 13}" text-anchor="end">{Escape(label)}</text>
                <rect class="bar" x="{LabelWidth}" y="{top}" width="{Number(value * scale)}" height="{BarHeight}" rx="2"/>
                <text x="{Number(LabelWidth + (value * scale) + 8)}" y="{top + 13}">{value.ToString("0.00", CultureInfo.InvariantCulture)}</text>

                """);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
