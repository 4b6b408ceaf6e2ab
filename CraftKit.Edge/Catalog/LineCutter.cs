namespace CraftKit.Edge.Catalog;

/// <summary>Cuts bytes that come in pieces into lines; a BOM at the beginning is let pass. Copies only lines that stand in several
/// pieces.</summary>
/// <param name="take">Takes a line without its line break, and its number from 1. Of a line longer than <see cref="MaxLength"/> it gets some
/// beginning that is longer, too.</param>
internal sealed class LineCutter(Action<ReadOnlySpan<byte>, int> take)
{
    /// <summary>The longest line in bytes.</summary>
    public const int MaxLength = 1 << 20;

    private byte[] _begun = [];
    private int _length;

    /// <summary>Lines so far.</summary>
    public int Lines { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Takes the next piece.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        int end;
        while ((end = piece.IndexOf((byte)'\n')) >= 0)
        {
            if (_length == 0)
            {
                Take(piece[..end]);
            }
            else
            {
                Keep(piece[..end]);
                TakeBegun();
            }

            piece = piece[(end + 1)..];
        }

        Keep(piece);
    }

    /// <summary>There is no more: what stands behind the last line break is a line, unless it is nothing.</summary>
    public void End()
    {
        if (_length > 0)
            TakeBegun();
    }

    private void TakeBegun()
    {
        Take(_begun.AsSpan(0, _length));
        _length = 0;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        Lines++;
        take(Lines == 1 && line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line, Lines);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        // Of a line that is too long nothing more is kept than what tells that it is; nothing of it is looked at.
        const int MostKept = MaxLength + 4;
        part = part[..Math.Min(part.Length, MostKept - _length)];
        if (_begun.Length < _length + part.Length)
            Array.Resize(ref _begun, Math.Min(MostKept, Math.Max(_length + part.Length, Math.Max(4096, 2 * _begun.Length))));
        part.CopyTo(_begun.AsSpan(_length));
        _length += part.Length;
    }
}
