using CraftKit.Edge.Journal;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>A record that was read, with its payload in hexadecimal, to be compared and printed.</summary>
internal readonly record struct Recovered(
    long Position, long EndPosition, string Payload, JournalDecision Decision, long ClaimDelay, Guid BootId)
{
    public int Id => JournalFixture.IdOf(Payload);

    public static Recovered Of(in JournalRecord record) =>
        new(record.Position, record.EndPosition, Convert.ToHexString(record.Payload), record.Decision, record.ClaimDelay, record.BootId);
}
