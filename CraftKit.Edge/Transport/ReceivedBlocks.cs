using System.Buffers;

namespace CraftKit.Edge.Transport;

/// <summary>What was received and not consumed yet: blocks in their order. For one thread at a time.</summary>
internal struct ReceivedBlocks
{
    private Block? _first;
    private int _consumed;

    /// <summary>The block that is written to; null when there is none.</summary>
    public Block? Last { get; private set; }

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsEmpty => _first is null;

    /// <summary>All of it.</summary>
    public readonly ReadOnlySequence<byte> Bytes => _first is null ? default : new ReadOnlySequence<byte>(_first, _consumed, Last!, Last!.Written);

    /// <summary>Whether a position is the end of all of it.</summary>
    public readonly bool IsEnd(SequencePosition position) => ReferenceEquals(position.GetObject(), Last) && position.GetInteger() >= Last?.Written;

    /// <summary>Adds a block with bytes in it.</summary>
    public void Append(Block block)
    {
        if (Last is null)
            _first = block;
        else
            Last.Append(block);
        Last = block;
    }

    /// <summary>Gives back the blocks before a position.</summary>
    /// <exception cref="InvalidOperationException">The position is not within <see cref="Bytes"/>.</exception>
    public void ConsumeTo(SequencePosition position)
    {
        var block = (Block?)position.GetObject();
        if (block is null || IsEmpty)
            return;
        _consumed = position.GetInteger();
        while (!ReferenceEquals(_first, block))
        {
            if (_first is null)
                throw new InvalidOperationException("The position is not one of the bytes that were read.");
            DropFirst();
        }

        while (_first is not null && _consumed >= _first.Written)
        {
            DropFirst();
            _consumed = 0;
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Clear()
    {
        while (_first is not null)
            DropFirst();
    }

    private void DropFirst()
    {
        var first = _first!;
        _first = first.Following;
        if (_first is null)
            Last = null;
        first.Dispose();
    }
}
