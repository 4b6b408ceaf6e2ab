using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Transport;

/// <summary>What an <see cref="EventLoop"/> tells of events.</summary>
internal interface IPollHandler
{
    /// <summary>The loop's name for it. The loop sets it once, before the first event.</summary>
    ulong Key { get; set; }

    /// <summary>Something happened on the descriptor. On the loop's thread.</summary>
    void OnEvents(PollEvents events);

    /// <summary>A turn that was asked for by <see cref="EventLoop.Defer"/> has come. On the loop's thread.</summary>
    void OnTurn();

    /// <summary>One of the others threw: this handler ends what it stands for, and nothing else does. On the loop's thread.</summary>
    void OnFault(Exception exception);
}
