using System.Buffers;
using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>Exported events as CSV (RFC 4180: a header row, CRLF, quotes doubled), safe to open in a spreadsheet: a cell that would be
/// taken for a formula begins with <c>'</c>, except metadata, which always begins with a brace. A null is an empty cell, an empty
/// text is <c>""</c>.</summary>
internal sealed class EventCsv : IEventFormat
{
    private const int FlushAt = 64 * 1024;

    private static readonly SearchValues<byte> NeedsQuotes = SearchValues.Create("\",\r\n"u8);

    private readonly Stream _destination;
    private readonly ArrayBufferWriter<byte> _rows = new(FlushAt + 8192);
    private readonly ArrayBufferWriter<byte> _cell = new();

    /// <summary>Begins with the header row.</summary>
    /// <param name="destination">Where the rows go, as UTF-8 without a byte order mark.</param>
    public EventCsv(Stream destination)
    {
        _destination = destination;
        _rows.Write("id,eventType,actorKind,renderId,projectId,shareId,sourceIp,userAgent,metadata,createdAt\r\n"u8);
    }

    public void Write(ExportedEvent exported)
    {
        AppendText(exported.Id.ToString(), end: ","u8);
        AppendText(EventTypeName.Of(exported.Type), end: ","u8);
        AppendText(ExportedEvent.ActorKind, end: ","u8);
        AppendText(exported.RenderId, end: ","u8);
        AppendText(exported.ProjectId, end: ","u8);
        AppendText(exported.ShareId, end: ","u8);
        AppendText(exported.SourceIp.ToString(), end: ","u8);
        AppendText(exported.UserAgent, end: ","u8);
        AppendMetadata(exported.Metadata, end: ","u8);
        AppendText(TimeText.Of(exported.CreatedAt), end: "\r\n"u8);
        if (_rows.WrittenCount >= FlushAt)
            Flush();
    }

    public void Flush()
    {
        _destination.Write(_rows.WrittenSpan);
        _rows.ResetWrittenCount();
        _destination.Flush();
    }

    private void AppendText(string? text, ReadOnlySpan<byte> end)
    {
        if (text is not null)
        {
            _cell.ResetWrittenCount();
            if (IsFormula(text))
                _cell.Write("'"u8);
            Encoding.UTF8.GetBytes(TerminalText.Escape(text), _cell);
            AppendCell();
        }

        _rows.Write(end);
    }

    private void AppendMetadata(ReadOnlyMemory<byte>? metadata, ReadOnlySpan<byte> end)
    {
        if (metadata is { IsEmpty: false } json)
        {
            _cell.ResetWrittenCount();
            MetadataText.WriteOneLine(json.Span, _cell);
            AppendCell();
        }

        _rows.Write(end);
    }

    private void AppendCell()
    {
        var cell = _cell.WrittenSpan;
        if (!cell.IsEmpty && !cell.ContainsAny(NeedsQuotes))
        {
            _rows.Write(cell);
            return;
        }

        _rows.Write("\""u8);
        for (var quote = cell.IndexOf((byte)'"'); quote >= 0; quote = cell.IndexOf((byte)'"'))
        {
            _rows.Write(cell[..quote]);
            _rows.Write("\"\""u8);
            cell = cell[(quote + 1)..];
        }

        _rows.Write(cell);
        _rows.Write("\""u8);
    }

    // Spreadsheets pass over leading white space before they look for a formula.
    private static bool IsFormula(string text) => text.AsSpan().TrimStart() is ['=' or '+' or '-' or '@', ..];
}
