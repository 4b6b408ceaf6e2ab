using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>One thread of an exploration and how far it has come in the current run.</summary>
internal sealed class Actor
{
    private ulong _before;

    /// <summary>Set when the actor may go on.</summary>
    public SemaphoreSlim Baton { get; } = new(0);

    public bool Started { get; set; }

    public bool Finished { get; set; }

    /// <summary>What it does when it gets the turn.</summary>
    public Move Next { get; set; }

    /// <summary>What it has seen and may still act upon, as a hash.</summary>
    public ulong Seen { get; private set; }

    /// <summary>The time word that it last read.</summary>
    public ulong SeenTime { get; private set; }

    /// <summary>The time that it last read.</summary>
    public long Now { get; set; }

    /// <summary>Number of moves in the run before its first.</summary>
    public int StartedAt { get; set; }

    public void Reset()
    {
        Started = Finished = false;
        Next = new Move(Step.TakeTable, null, -1);
        Seen = SeenTime = _before = 0;
        Now = 0;
    }

    /// <summary>Notes what a step showed, as far as the step that follows does not tell it: which table was taken, what was copied, and
    /// the time word that a swap will compare with.</summary>
    public void Saw(Step step, ulong word)
    {
        if (step == Step.TakeTable)
            Seen = Explorer.Mix(_before, word, 0);
        else if (step is Step.CopySlot)
            Seen = Explorer.Mix(Seen, word, 1);
        else if (step == Step.ReadTime)
            SeenTime = word;
    }

    /// <summary>Notes what was over before it began.</summary>
    public void Saw(Outcome?[] outcomes)
    {
        foreach (var outcome in outcomes)
            _before = (_before << 1) | (outcome is null ? 0u : 1u);
    }

    /// <summary>Notes how it ended.</summary>
    public void Saw(Outcome? own)
    {
        Seen = Explorer.Mix(_before, (ulong)(own?.ClaimedAt ?? 0), own?.Success == true ? 1u : 0u);
        SeenTime = 0;
    }
}
