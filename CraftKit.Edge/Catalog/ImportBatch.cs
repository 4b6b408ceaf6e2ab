using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>The lines of an import, read and packed, before anything of the database is looked at: a slow input holds no lock.</summary>
internal sealed class ImportBatch
{
    private const int ProgressInterval = 16_384;

    private readonly RenderList _renders = new();

    // For each render its line, negative when the share stays as it is.
    private readonly List<int> _lines = [];
    private readonly Dictionary<string, int> _projects = new(StringComparer.Ordinal);

    private ImportBatch()
    {
    }

    /// <summary>The renders; their project is 1 + the index in <see cref="ProjectIds"/>. A share that is to stay as it is is
    /// told by <see cref="KeepsShare"/>.</summary>
    public RenderList Renders => _renders;

    /// <summary>The projects that the lines name, in the order in which they were met.</summary>
    public IReadOnlyCollection<string> ProjectIds => _projects.Keys;

    /// <summary>The bad lines; at most <see cref="ImportResult.MaxFaults"/> of them are kept, the first ones.</summary>
    public List<ImportFault> Faults { get; } = [];

    /// <summary>All bad lines.</summary>
    public int FaultCount { get; private set; }

    /// <summary>Bytes and lines that were read.</summary>
    public ImportProgress Progress { get; private set; }

    /// <summary>The line of the render at <paramref name="index"/>.</summary>
    public int LineOf(int index) => Math.Abs(_lines[index]);

    /// <summary>Whether the render at <paramref name="index"/> came without a <c>shareId</c>.</summary>
    public bool KeepsShare(int index) => _lines[index] < 0;

    /// <summary>Reads lines to the end; see <see cref="RenderTable.Import"/>.</summary>
    public static ImportBatch Read(Stream stream, string? projectId, int maxLines, Action<ImportProgress>? progress)
    {
        var batch = new ImportBatch();
        var fixedProject = projectId is null ? 0 : batch.NumberOf(projectId);
        var reader = new LineReader(stream);
        var line = new ImportLine();
        while (reader.TryRead(out var bytes))
        {
            if (reader.Number > maxLines)
            {
                batch.AddFault(reader.Number, $"more than {maxLines} lines; send the rest apart");
                break;
            }

            batch.Add(line, bytes, reader.Number, fixedProject);
            if (reader.Number % ProgressInterval == 0)
                progress?.Invoke(new ImportProgress(reader.BytesRead, reader.Number, 0));
        }

        batch.Progress = new ImportProgress(reader.BytesRead, reader.Number, 0);
        progress?.Invoke(batch.Progress);
        return batch;
    }

    private void Add(ImportLine line, ReadOnlySpan<byte> bytes, int number, int fixedProject)
    {
        if (bytes.IndexOfAnyExcept(" \t\r"u8) < 0)
            return;
        var fault = bytes.Length > LineReader.MaxLength
            ? $"longer than {LineReader.MaxLength} bytes"
            : line.Read(bytes, needsProject: fixedProject == 0);
        if (fault is not null)
        {
            AddFault(number, fault);
            return;
        }

        _renders.Add(line.Id, line.ShareId, fixedProject == 0 ? NumberOf(line.ProjectId) : fixedProject);
        _lines.Add(line.HasShare ? number : -number);
    }

    private void AddFault(int line, string message)
    {
        FaultCount++;
        if (Faults.Count < ImportResult.MaxFaults)
            Faults.Add(new ImportFault(line, message));
    }

    private int NumberOf(ReadOnlySpan<byte> projectId)
    {
        Span<char> id = stackalloc char[CatalogId.MaxLength];
        id = id[..Encoding.ASCII.GetChars(projectId, id)];
        var lookup = _projects.GetAlternateLookup<ReadOnlySpan<char>>();
        return lookup.TryGetValue(id, out var number) ? number : NumberOf(id.ToString());
    }

    private int NumberOf(string projectId)
    {
        _projects.Add(projectId, _projects.Count + 1);
        return _projects.Count;
    }
}
