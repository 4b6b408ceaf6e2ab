using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CraftKit.Edge.Transport;

/// <summary>A piece of memory that does not move, as a part of a sequence.</summary>
internal sealed unsafe class Block : ReadOnlySequenceSegment<byte>, IMemoryOwner<byte>
{
    private readonly Memory<byte> _memory;
    private readonly BlockPool? _pool;
    private bool _isRented = true;

    /// <param name="bytes">Its size.</param>
    /// <param name="pool">Where it goes back to; null for the garbage collector.</param>
    public Block(int bytes, BlockPool? pool)
    {
        var array = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        Start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        _memory = MemoryMarshal.CreateFromPinnedArray(array, 0, bytes);
        _pool = pool;
        Memory = _memory;
    }

    /// <summary>The first byte, for calls to the system. Valid while this object is referenced.</summary>
    public byte* Start { get; }

    /// <summary>Bytes written so far.</summary>
    public int Written { get; set; }

    /// <summary>Bytes still free.</summary>
    public int Room => _memory.Length - Written;

    /// <summary>The block after this one.</summary>
    public Block? Following => Unsafe.As<Block?>(Next);

    Memory<byte> IMemoryOwner<byte>.Memory => _memory;

    /// <summary>The free part.</summary>
    public Memory<byte> FreeMemory => _memory[Written..];

    /// <summary>Ends this block where it was written to, and puts another one after it.</summary>
    public void Append(Block block)
    {
        Memory = _memory[..Written];
        block.RunningIndex = RunningIndex + Written;
        Next = block;
    }

    /// <summary>Gives the block back; nobody may use its memory any more.</summary>
    public void Dispose() => _pool?.Return(this);

    /// <summary>Marks it as lent, or as given back; false when it was that already.</summary>
    internal bool TrySetRented(bool isRented)
    {
        if (_isRented == isRented)
            return false;
        _isRented = isRented;
        Memory = _memory;
        Next = null;
        RunningIndex = 0;
        Written = 0;
        return true;
    }
}
