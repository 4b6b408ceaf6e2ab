using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Bench.Journal;

/// <summary>A new journal of the default size, and the way in which a request appends to it.</summary>
internal static class OpenJournal
{
    public static JournalFile In(string folder)
    {
        var options = new JournalOptions
        {
            Path = System.IO.Path.Combine(folder, "events.journal"),
            CapacityBytes = 64 << 20,
            MaxPayloadBytes = EventRecord.MaxSize(64 * 1024),
            BootId = BootTimeProvider.BootId,
        };
        using var recovery = JournalRecovery.Open(options, null, new BootTimeProvider());
        return JournalFile.StartEpoch(options, recovery, recovery.MarkAt(recovery.EndPosition));
    }

    /// <summary>Takes room; while there is none, the reader is waited for.</summary>
    public static JournalSlot Reserve(JournalFile journal, int size)
    {
        var wait = new SpinWait();
        JournalSlot slot;
        while (journal.TryReserve(size, out slot) != AppendStatus.Reserved)
            wait.SpinOnce();
        return slot;
    }

    /// <summary>Reserves, writes, publishes, and marks the record won.</summary>
    public static void Append(JournalFile journal, ReadOnlySpan<byte> payload)
    {
        var slot = Reserve(journal, payload.Length);
        payload.CopyTo(slot.Payload);
        slot.Publish();
        slot.MarkWon(1);
    }

    /// <summary>Reads and releases everything that is decided; without the release the journal would be full after some 250,000 records.</summary>
    public static int Drain(JournalReader reader)
    {
        var records = 0;
        while (reader.TryRead(out _) == ReadStatus.Record)
            records++;
        reader.Release(reader.Position);
        return records;
    }
}
