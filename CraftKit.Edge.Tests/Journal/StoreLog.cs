using System.Runtime.InteropServices;
using CraftKit.Edge.Journal;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>Stands in for the store: a file of fixed-size entries, each a record's id with the mark after it, written by one call, so
/// that a kill leaves an entry whole or not at all, as a transaction would be.</summary>
internal sealed class StoreLog : IDisposable
{
    private readonly SafeFileHandle _file;
    private long _length;

    public StoreLog(string folder)
    {
        _file = File.OpenHandle(Path.Combine(folder, "store"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        Entries = Read(_file);
        _length = Entries.Length * (long)Marshal.SizeOf<Entry>();
        Mark = Entries.Length == 0 ? null : Entries[^1].Mark;
    }

    public Entry[] Entries { get; }

    public JournalMark? Mark { get; private set; }

    public void Store(long id, JournalMark mark, JournalDecision decision)
    {
        var entry = new Entry { Id = decision == JournalDecision.Void ? 0 : id, Mark = mark };
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<Entry>(in entry)), _length);
        _length += Marshal.SizeOf<Entry>();
        Mark = mark;
    }

    public void Dispose() => _file.Dispose();

    private static Entry[] Read(SafeFileHandle file)
    {
        var bytes = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, bytes, 0);
        return MemoryMarshal.Cast<byte, Entry>(bytes).ToArray();
    }

    public struct Entry
    {
        /// <summary>0 for a mark alone.</summary>
        public long Id;

        public JournalMark Mark;
    }
}
