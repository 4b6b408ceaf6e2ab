using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Http;

/// <summary>Passes a connection's input on, and now and then leaves the socket thread before it reads.</summary>
/// <remarks>
/// Requests run where their bytes arrive. A client that sends faster than it can be served would so hold the socket thread as long as it
/// likes: there is always more to read, and nobody else's turn comes. (Seen: one client that pipelines, or uploads a body that
/// nobody wants, kept all others waiting for 2 s.) After <see cref="Turn"/> reads the connection goes on in the thread pool, where it
/// competes with nobody on the socket thread, and comes back by itself with the first bytes that it has to wait for. An ordinary
/// client pays one change of threads in so many requests.
/// </remarks>
internal sealed class FairReader(PipeReader input) : PipeReader
{
    /// <summary>Reads in a row on the socket thread: 1 or 2 ms of requests.</summary>
    public const int Turn = 128;

    // The connection reads from one place at a time, so this needs no guard.
    private int _reads;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (++_reads < Turn)
            return input.ReadAsync(cancellationToken);
        _reads = 0;
        return ReadInPoolAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result) => input.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => input.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadInPoolAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await input.ReadAsync(cancellationToken);
    }
}
