using System.Buffers;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Http.Bulk;

/// <summary>Finds the items in the stream of a bulk request's body, piece by piece, without looking at what they say.</summary>
/// <remarks>
/// A body whose first byte other than white space is <c>[</c> is an array; anything else is lines, of which none that begins so could be an
/// item. In an array an item ends where its brackets and strings do, whatever stands between them: one that is no JSON is its own
/// fault, found later by its reader, and the next one begins where the comma says. A fault of the framing is what leaves open where the
/// next item begins: no value where one must be, no comma between two, no end.
/// An item that lies in one piece is handed out in place; others are put together in a buffer that grows up to the largest item.
/// </remarks>
internal sealed class BulkFraming : IDisposable
{
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(" \t\r\n,:\"{}[]"u8);

    private readonly int _maxItemBytes;
    private FramingState _state;
    private bool _isScalar;
    private ValueEnd _end;
    private int _markBytes;
    private byte[] _buffer = [];
    private int _buffered;
    private bool _tooLarge;

    /// <param name="maxItemBytes">The largest item that is handed out, in bytes.</param>
    public BulkFraming(int maxItemBytes) => _maxItemBytes = maxItemBytes;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether the last item was put together in the buffer, which the next call writes over.</summary>
    public bool IsInBuffer { get; private set; }

    /// <summary>Finds the next item.</summary>
    /// <param name="rest">What has come of the body and was not taken yet; what this call takes is cut off.</param>
    /// <param name="item">The item, for <see cref="FramingStatus.Item"/>; valid until the next call, in <paramref name="rest"/> or in the
    /// buffer.</param>
    public FramingStatus Next(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> item)
    {
        item = default;
        while (!rest.IsEmpty)
        {
            switch (_state)
            {
                case FramingState.Start:
                    TakeMark(ref rest);
                    break;
                case FramingState.BeforeAny:
                    if (SkipWhiteSpace(ref rest))
                        BeginAny(ref rest);
                    break;
                case FramingState.BeforeLine:
                    if (SkipWhiteSpace(ref rest))
                        _state = FramingState.InLine;
                    break;
                case FramingState.InLine:
                    if (TakeLine(ref rest, out var status, out item))
                        return status;
                    break;
                case FramingState.BeforeFirst or FramingState.BeforeValue:
                    if (SkipWhiteSpace(ref rest) && !TryBegin(ref rest))
                        return Fail();
                    break;
                case FramingState.InValue:
                    if (TakeValue(ref rest, out status, out item))
                        return status;
                    break;
                case FramingState.AfterValue:
                    if (SkipWhiteSpace(ref rest) && !TryGoOn(ref rest))
                        return Fail();
                    break;
                case FramingState.AfterArray:
                    if (SkipWhiteSpace(ref rest))
                        return Fail();
                    break;
                default:
                    return FramingStatus.Fault;
            }
        }

        return FramingStatus.More;
    }

    /// <summary>The body has ended: tells what that makes of the rest. To be called until it says <see cref="FramingStatus.More"/>.</summary>
    /// <param name="item">The last line, if it had no end.</param>
    /// <returns><see cref="FramingStatus.More"/> when everything is told, and nothing more can come.</returns>
    public FramingStatus End(out ReadOnlySpan<byte> item)
    {
        item = default;
        switch (_state)
        {
            case FramingState.Start when _markBytes > 0:
            case FramingState.InLine:
                // A mark that broke off was no mark, but the beginning of a line.
                if (_state == FramingState.Start)
                    Buffer(ByteOrderMark[.._markBytes]);
                _state = FramingState.AfterArray;
                return Complete(default, out item);
            case FramingState.BeforeFirst or FramingState.BeforeValue or FramingState.InValue or FramingState.AfterValue:
                return Fail();
            case FramingState.Failed:
                return FramingStatus.Fault;
            default:
                return FramingStatus.More;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        Return(_buffer);
        _buffer = [];
    }

    private static bool SkipWhiteSpace(ref ReadOnlySpan<byte> rest)
    {
        // Mostly there is none, and then to look at one byte is quicker than to search.
        if (rest[0] > ' ')
            return true;
        var start = rest.IndexOfAnyExcept(" \t\r\n"u8);
        rest = start < 0 ? default : rest[start..];
        return start >= 0;
    }

    private void TakeMark(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty && _markBytes < ByteOrderMark.Length && rest[0] == ByteOrderMark[_markBytes])
        {
            rest = rest[1..];
            _markBytes++;
        }

        if (_markBytes == ByteOrderMark.Length || (_markBytes == 0 && !rest.IsEmpty))
        {
            _state = FramingState.BeforeAny;
        }
        else if (!rest.IsEmpty)
        {
            Buffer(ByteOrderMark[.._markBytes]);
            _state = FramingState.InLine;
        }
    }

    private void BeginAny(ref ReadOnlySpan<byte> rest)
    {
        if (rest[0] == '[')
        {
            rest = rest[1..];
            _state = FramingState.BeforeFirst;
        }
        else
        {
            _state = FramingState.InLine;
        }
    }

    private bool TakeLine(scoped ref ReadOnlySpan<byte> rest, out FramingStatus status, out ReadOnlySpan<byte> item)
    {
        status = FramingStatus.More;
        item = default;
        var end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            Buffer(rest);
            rest = default;
            return false;
        }

        var last = rest[..end];
        rest = rest[(end + 1)..];
        _state = FramingState.BeforeLine;
        status = Complete(last, out item);
        return true;
    }

    /// <summary>Begins a value, or ends an array that has none; false at what is neither.</summary>
    private bool TryBegin(ref ReadOnlySpan<byte> rest)
    {
        switch (rest[0])
        {
            case (byte)']' when _state == FramingState.BeforeFirst:
                rest = rest[1..];
                _state = FramingState.AfterArray;
                return true;
            case (byte)'{' or (byte)'[' or (byte)'"':
                (_isScalar, _end) = (false, new ValueEnd(isString: rest[0] == '"'));
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9') or (byte)'t' or (byte)'f' or (byte)'n':
                _isScalar = true;
                break;
            default:
                return false;
        }

        _state = FramingState.InValue;
        return true;
    }

    private bool TakeValue(scoped ref ReadOnlySpan<byte> rest, out FramingStatus status, out ReadOnlySpan<byte> item)
    {
        status = FramingStatus.More;
        item = default;
        var end = _isScalar ? rest.IndexOfAny(ScalarEnds) : _end.Find(rest);
        if (end < 0)
        {
            Buffer(rest);
            rest = default;
            return false;
        }

        var last = rest[..end];
        rest = rest[end..];
        _state = FramingState.AfterValue;
        status = Complete(last, out item);
        return true;
    }

    private bool TryGoOn(ref ReadOnlySpan<byte> rest)
    {
        if (rest[0] is not ((byte)',' or (byte)']'))
            return false;
        _state = rest[0] == ',' ? FramingState.BeforeValue : FramingState.AfterArray;
        rest = rest[1..];
        return true;
    }

    private FramingStatus Complete(ReadOnlySpan<byte> last, out ReadOnlySpan<byte> item)
    {
        item = last;
        IsInBuffer = _buffered > 0 || _tooLarge;
        if (IsInBuffer)
        {
            Buffer(last);
            item = _buffer.AsSpan(0, _buffered);
        }

        // The end of a line is not a part of its item, however it is spelled. (No value of an array ends so.)
        if (item is [.., (byte)'\r'])
            item = item[..^1];
        var isTooLarge = _tooLarge || item.Length > _maxItemBytes;
        (_buffered, _tooLarge) = (0, false);
        return isTooLarge ? FramingStatus.TooLarge : FramingStatus.Item;
    }

    /// <summary>Keeps a part of the item until the rest has come; of one that is too large nothing.</summary>
    private void Buffer(ReadOnlySpan<byte> part)
    {
        // One byte more than an item may have: a line's carriage return.
        if (_tooLarge || part.Length > _maxItemBytes + 1 - _buffered)
        {
            (_tooLarge, _buffered) = (true, 0);
            return;
        }

        if (_buffered + part.Length > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffered + part.Length);
            _buffer.AsSpan(0, _buffered).CopyTo(larger);
            Return(_buffer);
            _buffer = larger;
        }

        part.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += part.Length;
    }

    private FramingStatus Fail()
    {
        _state = FramingState.Failed;
        return FramingStatus.Fault;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
