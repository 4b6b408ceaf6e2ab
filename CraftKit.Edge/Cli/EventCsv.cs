using System.Buffers;
using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>Exported events as CSV (RFC 4180: a header row, CRLF, quotes doubled), safe to open in a spreadsheet: a cell that would be
/// taken for a formula begins with <c>'</c>, except metadata, which always begins with a brace. A null is an empty cell, an empty
/// text is <c>""</c>.</summary>
internal sealed class EventCsv : IEventFormat
{
    private const int FlushAt = 64 * 1024;
    private const string Header = "id,eventType,actorKind,renderId,projectId,shareId,sourceIp,userAgent,metadata,createdAt\r\n";

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create("\",\r\n");

    private readonly Stream _destination;
    private readonly StringBuilder _rows = new(Header, FlushAt + 8192);
    private readonly ArrayBufferWriter<byte> _metadata = new();

    /// <summary>Begins with the header row.</summary>
    /// <param name="destination">Where the rows go, as UTF-8 without a byte order mark.</param>
    public EventCsv(Stream destination) => _destination = destination;

    public void Write(ExportedEvent exported)
    {
        AppendText(exported.Id.ToString()).Append(',');
        AppendText(EventTypeName.Of(exported.Type)).Append(',');
        AppendText(ExportedEvent.ActorKind).Append(',');
        AppendText(exported.RenderId).Append(',');
        AppendText(exported.ProjectId).Append(',');
        AppendText(exported.ShareId).Append(',');
        AppendText(exported.SourceIp.ToString()).Append(',');
        AppendText(exported.UserAgent).Append(',');
        AppendMetadata(exported.Metadata).Append(',');
        AppendText(TimeText.Of(exported.CreatedAt)).Append("\r\n");
        if (_rows.Length >= FlushAt)
            Flush();
    }

    public void Flush()
    {
        _destination.Write(Encoding.UTF8.GetBytes(_rows.ToString()));
        _rows.Clear();
        _destination.Flush();
    }

    private StringBuilder AppendText(string? text)
    {
        if (text is null)
            return _rows;
        var safe = TerminalText.Escape(text);
        return AppendQuoted(IsFormula(text) ? '\'' + safe : safe);
    }

    private StringBuilder AppendMetadata(ReadOnlyMemory<byte>? metadata)
    {
        if (metadata is not { IsEmpty: false } bytes)
            return _rows;
        _metadata.ResetWrittenCount();
        MetadataText.WriteOneLine(bytes.Span, _metadata);
        return AppendQuoted(Encoding.UTF8.GetString(_metadata.WrittenSpan));
    }

    private StringBuilder AppendQuoted(string cell)
    {
        if (cell.Length != 0 && cell.AsSpan().IndexOfAny(NeedsQuotes) < 0)
            return _rows.Append(cell);
        return _rows.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    // Spreadsheets pass over leading white space before they look for a formula.
    private static bool IsFormula(string text) => text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@', ..];
}
