namespace CraftKit.Edge.Catalog;

/// <summary>Cuts a stream into lines without copying them; a BOM at the beginning is let pass.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>The longest line in bytes.</summary>
    public const int MaxLength = 1 << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private byte[] _buffer = new byte[256 * 1024];
    private int _start, _end;
    private bool _atEnd, _begun;

    /// <summary>The number of the current line, from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Goes to the next line.</summary>
    /// <param name="line">The line without its line break, valid until the next call. Of one that is longer than
    /// <see cref="MaxLength"/> some beginning that is longer, too.</param>
    /// <returns>False at the end of the stream.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest[searched..].IndexOf((byte)'\n');
            if (length >= 0 || (_atEnd && !rest.IsEmpty))
            {
                length = length < 0 ? rest.Length : searched + length;
                line = rest[..length];
                _start = Math.Min(_end, _start + length + 1);
                Number++;
                return true;
            }

            if (_atEnd)
                return false;
            searched = Fill();
        }
    }

    /// <summary>Takes more from the stream.</summary>
    /// <returns>How much of the current line was there before.</returns>
    private int Fill()
    {
        if (_start > 0)
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;

        // Beyond the longest line that counts, its rest is read over its end: nothing of it is looked at.
        if (_end > MaxLength + 1)
            _end = MaxLength + 1;
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        var kept = _end;
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        BytesRead += read;
        _atEnd = read == 0;
        if (_begun || (_end < ByteOrderMark.Length && !_atEnd))
            return kept;
        _begun = true;
        if (!_buffer.AsSpan(0, _end).StartsWith(ByteOrderMark))
            return kept;
        _start = ByteOrderMark.Length;
        return 0;
    }
}
