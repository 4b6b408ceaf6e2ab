using System.Globalization;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Service;

/// <summary>What a serving process says about itself when its ports are open: for a person on a terminal.</summary>
/// <param name="Addresses">Where it listens: the data plane, then the admin plane if it is on.</param>
/// <param name="DataFolder">Its data.</param>
/// <param name="Catalog">What it knows.</param>
internal sealed record StartBanner(IReadOnlyList<string> Addresses, string DataFolder, CatalogCounts Catalog)
{
    /// <summary>What to do next; null when events can be recorded.</summary>
    public string? Next => Catalog switch
    {
        { Projects: 0 } => "nothing can be recorded yet: craftkit-edge init makes a project with its key, and a key for the admin plane",
        { Keys: 0 } => "nothing can be recorded yet: craftkit-edge key create --project ID makes a key",
        { Renders: 0 } => "nothing can be recorded yet: craftkit-edge render add ID --project ID makes a render known",
        _ => null,
    };

    /// <summary>What the service knows, in words.</summary>
    public string Known => $"{Count(Catalog.Projects, "project")}, {Count(Catalog.Keys, "key")}, {Count(Catalog.Renders, "render")}";

    /// <summary>Writes it.</summary>
    public void Write(TextWriter output, TerminalStyle style)
    {
        output.WriteLine($"{style.Bold("CraftKit.Edge")} {ProgramVersion.Current.Number}");
        Row("Events", style.Cyan(Addresses[0]));
        Row("Admin", Addresses.Count > 1 ? style.Cyan(Addresses[1]) : style.Dim("off"));
        Row("Data", TerminalText.Escape(DataFolder));
        Row("Known", Known);
        if (Next is { } next)
            Row("Next", next);
        output.WriteLine();

        void Row(string name, string value) => output.WriteLine($"  {style.Dim(name.PadRight(7))} {value}");
    }

    private static string Count(long count, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {name}{(count == 1 ? "" : "s")}");
}
