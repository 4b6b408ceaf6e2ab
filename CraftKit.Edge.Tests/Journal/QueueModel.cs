using CraftKit.Edge.Journal;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>What a journal should do, as a list; every step is done to both and compared.</summary>
internal sealed class QueueModel(JournalFixture fixture, JournalFile journal)
{
    private readonly List<Entry> _entries = [];
    private int _read;
    private long _stored;
    private int _ids;

    public void Reserve(int length)
    {
        var payload = JournalFixture.Payload(_ids, length);
        if (journal.TryReserve(payload.Length, out var slot) != AppendStatus.Reserved)
        {
            // Room for the longest record is left while at least two segments are free.
            Assert.True(journal.UsedBytes > journal.CapacityBytes / 2);
            return;
        }

        Assert.True(_entries.Count == 0 || slot.Position > _entries[^1].Slot.Position);
        payload.CopyTo(slot.Payload);
        _entries.Add(new Entry(slot, _ids++, Convert.ToHexString(payload)));
    }

    public void Publish(int number)
    {
        if (Pick(number, entry => !entry.Published) is not { } entry)
            return;
        entry.Slot.Publish();
        entry.Published = true;
    }

    public void Decide(int number, bool won)
    {
        if (Pick(number, entry => entry.Decision == JournalDecision.Undecided && (entry.Published || !won)) is not { } entry)
            return;
        (entry.Decision, entry.Delay, entry.Published) = (won ? JournalDecision.Won : JournalDecision.Void, won ? number : 0, true);
        if (won)
            entry.Slot.MarkWon(number);
        else
            entry.Slot.MarkVoid();
    }

    public void Read()
    {
        while (true)
        {
            while (_read < _entries.Count && _entries[_read].Decision == JournalDecision.Void)
                _read++;
            var status = journal.Reader.TryRead(out var record);
            if (_read == _entries.Count || !_entries[_read].Published)
            {
                Assert.Equal(ReadStatus.None, status);
                return;
            }

            var entry = _entries[_read];
            if (entry.Decision == JournalDecision.Undecided)
            {
                Assert.Equal(ReadStatus.Undecided, status);
                return;
            }

            Assert.Equal(ReadStatus.Record, status);
            Assert.Equal((entry.Slot.Position, entry.Payload, entry.Delay), (record.Position, Convert.ToHexString(record.Payload), record.ClaimDelay));
            _read++;
        }
    }

    /// <summary>Releases up to somewhere in what was read.</summary>
    public void Release(int number)
    {
        var position = _read == 0 ? 0 : number % 3 == 0 ? journal.Reader.Position : _entries[number % _read].Slot.Position;
        if (position == 0)
            return;
        journal.Reader.Release(position);
        _stored = Math.Max(_stored, position);
        Assert.True(journal.Reader.ReleasedPosition >= _stored);
    }

    /// <summary>Kills the process, as it were: recovers from a copy of the file.</summary>
    public void Recover()
    {
        using var copy = new JournalFixture();
        File.Copy(fixture.Path, copy.Path);
        copy.Mark = journal.MarkAt(Math.Max(_stored, fixture.Mark!.Value.Position));

        using var recovery = copy.Recover();
        var found = JournalFixture.ReadAll(recovery);

        var expected = _entries.Where(e => e.Slot.Position >= _stored && e.Published && e.Decision != JournalDecision.Void).ToList();
        Assert.Equal(
            expected.Select(e => (e.Slot.Position, e.Payload, e.Decision, e.Delay)),
            found.Select(r => (r.Position, r.Payload, r.Decision, r.ClaimDelay)));
        Assert.Equal(0, recovery.Report.DamagedBytes);
        Assert.Equal(_entries.Count(e => !e.Published), recovery.Report.Unfinished);
    }

    private Entry? Pick(int number, Func<Entry, bool> predicate)
    {
        var candidates = _entries.Where(predicate).ToList();
        return candidates.Count == 0 ? null : candidates[number % Math.Min(3, candidates.Count)];
    }

    private sealed class Entry(JournalSlot slot, int id, string payload)
    {
        public JournalSlot Slot { get; } = slot;

        public int Id { get; } = id;

        public string Payload { get; } = payload;

        public bool Published { get; set; }

        public JournalDecision Decision { get; set; }

        public long Delay { get; set; }
    }
}
