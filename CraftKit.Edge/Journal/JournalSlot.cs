namespace CraftKit.Edge.Journal;

/// <summary>Room for one record, taken and not yet given back. Belongs to the thread that reserved it until it is decided; not to
/// be used after the journal was disposed.</summary>
internal readonly unsafe struct JournalSlot
{
    internal JournalSlot(byte* address, long position, ulong key, int length)
    {
        Address = address;
        Position = position;
        Key = key;
        Length = length;
    }

    /// <summary>Where the record starts.</summary>
    public long Position { get; }

    /// <summary>Bytes of the payload.</summary>
    public int Length { get; }

    /// <summary>Where the payload is to be written, before it is published. All zero when reserved.</summary>
    public Span<byte> Payload => new(Address + RecordHeader.Size, Length);

    /// <summary>Makes the record whole and readable. Its payload must not be touched afterwards.</summary>
    public void Publish()
    {
        Header.Checksum = RecordHeader.ChecksumOf(Key, Payload);

        // Publishes payload, checksum and position. Pairs with the reader's read of the word; without it a reader could take a
        // record whose payload it does not see yet.
        Volatile.Write(ref Header.Word, RecordWord.Published(Key, Length));
    }

    /// <summary>Decides the published record: its claim was won.</summary>
    /// <param name="claimDelay">The claim's time minus the record's, in 100 ns; kept from 0 to <see cref="DecisionWord.MaxDelay"/>.</param>
    public void MarkWon(long claimDelay)
    {
        // One store of 8 bytes: after a kill the mark is there with its delay or not at all. It publishes nothing but itself.
        Volatile.Write(ref Header.Decision, DecisionWord.Won(Key, claimDelay));
    }

    /// <summary>Decides that the record does not count, published or only reserved.</summary>
    public void MarkVoid()
    {
        Header.Decision = DecisionWord.Void(Key);

        // Publishes the decision for a record that was only reserved; for a published one the word is the same as before. The
        // reader that sees the word sees the decision and never looks at the payload, whatever is in it.
        Volatile.Write(ref Header.Word, RecordWord.Published(Key, Length));
    }

    internal byte* Address { get; }

    internal ulong Key { get; }

    internal ref RecordHeader Header => ref *(RecordHeader*)Address;
}
