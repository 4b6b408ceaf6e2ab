using System.Text;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>The lines of an import, read and packed, before anything of the database is looked at: a slow input holds no lock. Takes some 100
/// bytes a render, whatever the lines' length.</summary>
internal sealed class ImportBatch : IDisposable
{
    private const int PieceSize = 256 * 1024;

    private readonly RenderList _renders = new();

    // For each render its line, negative when the share stays as it is.
    private readonly PooledList<int> _lines = new();
    private readonly Dictionary<string, int> _projects = new(StringComparer.Ordinal);
    private readonly ImportLine _line = new();
    private readonly LineCutter _cutter;
    private readonly int _fixedProject;
    private readonly int _maxLines;
    private int _filledLines;
    private long _bytes;

    /// <param name="projectId">The project of all lines, whose own <c>projectId</c> is then not looked at; null: each line names one.</param>
    /// <param name="maxLines">The most lines that are not blank; one more is a fault, and nothing behind it is looked at.</param>
    public ImportBatch(string? projectId = null, int maxLines = int.MaxValue)
    {
        _cutter = new LineCutter(Add);
        _maxLines = maxLines;
        FixedProjectId = projectId;
        if (projectId is not null)
            _fixedProject = NumberOf(projectId);
    }

    /// <summary>The project of all lines; null when each names one.</summary>
    public string? FixedProjectId { get; }

    /// <summary>The renders; their project is 1 + the index in <see cref="ProjectIds"/>. A share that is to stay as it is is
    /// told by <see cref="KeepsShare"/>.</summary>
    public RenderList Renders => _renders;

    /// <summary>The projects that the lines name, in the order in which they were met.</summary>
    public IReadOnlyCollection<string> ProjectIds => _projects.Keys;

    /// <summary>The bad lines.</summary>
    public List<ImportFault> Faults { get; } = [];

    /// <summary>Bytes and lines that were read.</summary>
    public ImportProgress Progress => new(_bytes, _cutter.Lines, 0);

    /// <summary>The line of the render at <paramref name="index"/>.</summary>
    public int LineOf(int index) => Math.Abs(_lines.Items[index]);

    /// <summary>Whether the render at <paramref name="index"/> came without a <c>shareId</c>.</summary>
    public bool KeepsShare(int index) => _lines.Items[index] < 0;

    /// <summary>Takes the next piece of the input.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        _bytes += piece.Length;
        _cutter.Push(piece);
    }

    /// <summary>The input has ended; the batch is whole.</summary>
    public void End() => _cutter.End();

    /// <summary>Takes a stream to its end.</summary>
    /// <param name="stream">The lines; not closed.</param>
    /// <param name="progress">Called after each piece.</param>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public void Read(Stream stream, Action<ImportProgress>? progress)
    {
        var piece = new byte[PieceSize];
        int length;
        while ((length = stream.Read(piece)) > 0)
        {
            Push(piece.AsSpan(0, length));
            progress?.Invoke(Progress);
        }

        End();
        progress?.Invoke(Progress);
    }

    /// <summary>Gives the memory back; only what <see cref="Faults"/> tells may still be asked for.</summary>
    public void Dispose()
    {
        _renders.Dispose();
        _lines.Dispose();
    }

    private void Add(ReadOnlySpan<byte> bytes, int number)
    {
        if (_filledLines > _maxLines || bytes.IndexOfAnyExcept(" \t\r"u8) < 0)
            return;
        if (++_filledLines > _maxLines)
        {
            AddFault(number, [$"more than {_maxLines} lines; send the rest apart"]);
            return;
        }

        var faults = bytes.Length > LineCutter.MaxLength
            ? [$"longer than {LineCutter.MaxLength} bytes"]
            : _line.Read(bytes, needsProject: _fixedProject == 0);
        if (faults.Count > 0)
        {
            AddFault(number, faults);
            return;
        }

        _renders.Add(_line.Id, _line.ShareId, _fixedProject == 0 ? NumberOf(_line.ProjectId) : _fixedProject);
        _lines.Add(_line.HasShare ? number : -number);
    }

    private void AddFault(int line, IReadOnlyList<string> messages) => Faults.Add(new ImportFault(line, messages));

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
