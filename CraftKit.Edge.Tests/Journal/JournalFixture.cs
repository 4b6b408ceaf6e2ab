using System.Buffers.Binary;
using CraftKit.Edge.Journal;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>A folder with a small journal, and what the store would keep beside it.</summary>
internal sealed class JournalFixture : IDisposable
{
    public static readonly Guid Boot = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    public JournalFixture() => Folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public string Folder { get; init; }

    public string Path => System.IO.Path.Combine(Folder, "events.journal");

    public long CapacityBytes { get; set; } = 32 * 1024;

    public int MaxPayloadBytes { get; set; } = 1000;

    public JournalMark? Mark { get; set; }

    public FakeTimeProvider Clock { get; } = new();

    public JournalOptions Options => new() { Path = Path, CapacityBytes = CapacityBytes, MaxPayloadBytes = MaxPayloadBytes, BootId = Boot };

    public JournalRecovery Recover() => JournalRecovery.Open(Options, Mark, Clock);

    /// <summary>Recovers, counts everything as stored and starts an epoch, as the store does at a start.</summary>
    public JournalFile Start() => Start(out _, out _);

    public JournalFile Start(out List<Recovered> records, out RecoveryReport report)
    {
        using var recovery = Recover();
        records = ReadAll(recovery);
        report = recovery.Report;
        Mark = recovery.MarkAt(recovery.EndPosition);
        return JournalFile.StartEpoch(Options, recovery, Mark.Value);
    }

    public static List<Recovered> ReadAll(JournalRecovery recovery)
    {
        var records = new List<Recovered>();
        while (recovery.TryRead(out var record))
            records.Add(Recovered.Of(record));
        return records;
    }

    public static List<Recovered> ReadAll(JournalReader reader)
    {
        var records = new List<Recovered>();
        while (reader.TryRead(out var record) == ReadStatus.Record)
            records.Add(Recovered.Of(record));
        return records;
    }

    public static JournalSlot Reserve(JournalFile journal, ReadOnlySpan<byte> payload)
    {
        Assert.Equal(AppendStatus.Reserved, journal.TryReserve(payload.Length, out var slot));
        payload.CopyTo(slot.Payload);
        return slot;
    }

    public static JournalSlot Publish(JournalFile journal, ReadOnlySpan<byte> payload)
    {
        var slot = Reserve(journal, payload);
        slot.Publish();
        return slot;
    }

    public static JournalSlot Win(JournalFile journal, ReadOnlySpan<byte> payload, long delay = 0)
    {
        var slot = Publish(journal, payload);
        slot.MarkWon(delay);
        return slot;
    }

    /// <summary>Overwrites the file in place, which is quicker than writing it anew: file systems sync what was truncated.</summary>
    public void Replace(ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(file, content, 0);
        if (RandomAccess.GetLength(file) != content.Length)
            RandomAccess.SetLength(file, content.Length);
    }

    /// <summary>A payload that says which one it is, filled to its length with bytes that depend on it.</summary>
    public static byte[] Payload(int id, int length)
    {
        var bytes = new byte[Math.Max(4, length)];
        new Random(id).NextBytes(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, id);
        return bytes;
    }

    public static int IdOf(string hex) => BinaryPrimitives.ReadInt32LittleEndian(Convert.FromHexString(hex.AsSpan(0, 8)));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
