using System.Threading.Tasks.Sources;

namespace CraftKit.Edge.Transport;

/// <summary>How the user of one direction of a connection waits for the event loop, and what can end that: the loop, a cancellation of the wait, the
/// token that it was given.</summary>
/// <param name="waiter">The direction.</param>
internal sealed class PipeWait<TResult>(IPipeWaiter<TResult> waiter) : IValueTaskSource<TResult>
{
    // Not readonly: mutable structs.
    private Handoff _handoff;
    private ManualResetValueTaskSourceCore<TResult> _pending;
    private CancellationTokenRegistration _cancellation;

    // 1 when a cancellation waits for somebody to tell it to. Set before the waiter is tried, and looked at after waiting has begun, both with a
    // full fence: one of the two sees the other.
    private int _isCanceled;

    /// <summary>Whether the user waits, or has not taken the end of his wait yet. The user's.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Whether a cancellation was asked for and nobody was told yet.</summary>
    public bool IsCanceled => Volatile.Read(ref _isCanceled) != 0;

    /// <inheritdoc cref="Handoff.TakeReady"/>
    public bool TakeReady() => _handoff.TakeReady();

    /// <inheritdoc cref="Handoff.SetReady"/>
    public void SetReady() => _handoff.SetReady();

    /// <inheritdoc cref="Handoff.Signal"/>
    public bool Signal() => _handoff.Signal();

    /// <inheritdoc cref="Handoff.TryTakeWaiter"/>
    public bool TryTakeWaiter() => _handoff.TryTakeWaiter();

    /// <summary>Begins to wait; false when an event came, so that the socket must be asked again. The user's.</summary>
    /// <param name="token">Ends the wait.</param>
    /// <param name="task">The wait.</param>
    public bool TryWait(CancellationToken token, out ValueTask<TResult> task)
    {
        Begin(token);
        if (_handoff.TryWait())
        {
            task = Waiting(token);
            return true;
        }

        End();
        task = default;
        return false;
    }

    /// <summary>Begins to wait whatever came. The user's.</summary>
    /// <param name="token">Ends the wait.</param>
    public ValueTask<TResult> Wait(CancellationToken token)
    {
        Begin(token);
        _handoff.Wait();
        return Waiting(token);
    }

    /// <summary>Goes on with the wait that was taken; nothing came of it. The loop's, who alone signals: what was asked for meanwhile found no
    /// waiter.</summary>
    public void WaitAgain()
    {
        var token = _cancellation.Token;
        _handoff.Wait();
        if (token.IsCancellationRequested && TryTakeWaiter())
            Cancel(token);
        else if (IsCanceled && TryTakeWaiter())
            Complete(elsewhere: true);
    }

    /// <summary>Ends the wait that was taken. From the first line that sets it on, the user may run on another thread: nothing may follow.</summary>
    /// <param name="elsewhere">Whether the user goes on in the thread pool, and not here and now.</param>
    public void Complete(bool elsewhere)
    {
        _pending.RunContinuationsAsynchronously = elsewhere;
        if (waiter.Failure is { } failure)
            _pending.SetException(failure);
        else
            _pending.SetResult(waiter.TakeResult(TakeCanceled()));
    }

    /// <summary>Ends the wait, or the next one.</summary>
    public void RequestCancel()
    {
        Interlocked.Exchange(ref _isCanceled, 1);
        if (TryTakeWaiter())
            Complete(elsewhere: true);
    }

    /// <summary>Whether a cancellation was asked for; forgets it.</summary>
    public bool TakeCanceled() => IsCanceled && Interlocked.Exchange(ref _isCanceled, 0) != 0;

    TResult IValueTaskSource<TResult>.GetResult(short token)
    {
        End();
        waiter.OnTaken();
        return _pending.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _pending.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pending.OnCompleted(continuation, state, token, flags);

    private void Begin(CancellationToken token)
    {
        _pending.Reset();
        IsPending = true;
        if (token.CanBeCanceled)
            _cancellation = token.UnsafeRegister(static (self, token) => ((PipeWait<TResult>)self!).OnToken(token), this);
    }

    // Disposing waits for a call that is under way, so no later wait is taken for the one whose token it was.
    private void End()
    {
        IsPending = false;
        if (_cancellation == default)
            return;
        _cancellation.Dispose();
        _cancellation = default;
    }

    private ValueTask<TResult> Waiting(CancellationToken token)
    {
        // What was asked for before waiting began found no waiter; see _isCanceled. A token is cancelled before it calls anybody.
        if ((IsCanceled || token.IsCancellationRequested) && TryTakeWaiter())
        {
            End();
            return token.IsCancellationRequested
                ? ValueTask.FromCanceled<TResult>(token)
                : new ValueTask<TResult>(waiter.TakeResult(TakeCanceled()));
        }

        return new ValueTask<TResult>(this, _pending.Version);
    }

    private void OnToken(CancellationToken token)
    {
        if (TryTakeWaiter())
            Cancel(token);
    }

    private void Cancel(CancellationToken token)
    {
        _pending.RunContinuationsAsynchronously = true;
        _pending.SetException(new OperationCanceledException(token));
    }
}
