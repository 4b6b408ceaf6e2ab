using CraftKit.Edge.Journal;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

public sealed class WordTests
{
    private static readonly ulong[] Keys = [.. Enumerable.Range(1, 200).Select(i => RecordKey.Of(i * 7919L, i << 10)), 0, ulong.MaxValue];

    private static readonly long[] Delays =
        [0, 1, 2, 3, 255, 256, 10_000, 123_456_789, (1L << 31) - 1, 1L << 32, 0x55_5555_5555, 0xAA_AAAA_AAAA, DecisionWord.MaxDelay];

    [Fact]
    public void A_decision_comes_back_with_its_delay()
    {
        foreach (var key in Keys)
        {
            foreach (var delay in Delays)
            {
                Assert.Equal(JournalDecision.Won, DecisionWord.Read(key, DecisionWord.Won(key, delay), out var read));
                Assert.Equal(delay, read);
            }

            Assert.Equal(JournalDecision.Void, DecisionWord.Read(key, DecisionWord.Void(key), out _));
            Assert.Equal(JournalDecision.Undecided, DecisionWord.Read(key, 0, out _));
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(DecisionWord.MaxDelay + 1, DecisionWord.MaxDelay)]
    [InlineData(long.MaxValue, DecisionWord.MaxDelay)]
    public void A_delay_out_of_range_is_kept_at_the_nearest(long delay, long kept)
    {
        Assert.Equal(JournalDecision.Won, DecisionWord.Read(5, DecisionWord.Won(5, delay), out var read));
        Assert.Equal(kept, read);
    }

    [Fact]
    public void Any_one_flipped_bit_makes_a_decision_undecided()
    {
        foreach (var key in Keys)
        {
            foreach (var word in Delays.Select(delay => DecisionWord.Won(key, delay)).Append(DecisionWord.Void(key)).Append(0UL))
            {
                for (var bit = 0; bit < 64; bit++)
                    Assert.Equal(JournalDecision.Undecided, DecisionWord.Read(key, word ^ (1UL << bit), out _));
            }
        }
    }

    [Fact]
    public void Any_one_flipped_bit_makes_a_record_word_invalid()
    {
        foreach (var key in Keys)
        {
            foreach (var length in (int[])[1, 2, 3, 7, 8, 200, 4095, 65536, 1 << 24, int.MaxValue])
            {
                foreach (var word in (ulong[])[RecordWord.Published(key, length), RecordWord.Reserved(RecordWord.Published(key, length))])
                {
                    for (var bit = 0; bit < 64; bit++)
                    {
                        var flipped = word ^ (1UL << bit);
                        var published = RecordWord.Published(key, RecordWord.Length(flipped));
                        Assert.NotEqual(published, flipped);
                        Assert.NotEqual(RecordWord.Reserved(published), flipped);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_decision_of_another_record_counts_as_undecided()
    {
        var neighbours = Keys.Take(200).Zip(Keys.Skip(1).Take(199));
        var foreign = neighbours.Count(keys => DecisionWord.Read(keys.First, DecisionWord.Won(keys.Second, 100), out _) != JournalDecision.Undecided);

        // 16 bits of check: one in 65,536 may pass.
        Assert.InRange(foreign, 0, 1);
    }
}
