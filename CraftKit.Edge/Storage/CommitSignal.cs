namespace CraftKit.Edge.Storage;

/// <summary>Lets requests wait until the writer has committed up to a journal position, and wakes the writer for them.</summary>
/// <remarks>
/// Waiters push themselves onto a lock-free stack; the writer takes the whole stack, completes who is done and puts the others back. A waiter
/// that is pushed just after the writer looked is not lost: it has set the wake-up event after its push, so the writer looks again.
/// Continuations run on the thread pool, never on the writer.
/// </remarks>
internal sealed class CommitSignal : IDisposable
{
    private readonly AutoResetEvent _wake = new(false);
    private Waiter? _head;
    private long _position;

    /// <summary>Everything below this journal position is committed (and, with durability fsync, synced).</summary>
    /// <remarks>Acquire: pairs with the release in <see cref="Advance"/>, so who sees the position also sees the tallies applied before it.</remarks>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Completes once everything below <paramref name="position"/> is committed.</summary>
    public Task WaitAsync(long position)
    {
        if (Position >= position)
            return Task.CompletedTask;
        var waiter = new Waiter(position);
        Push(waiter, waiter);
        _wake.Set();
        return waiter.Task;
    }

    /// <summary>The writer waits for a waiter to come, at most <paramref name="timeout"/>.</summary>
    public void WaitForWork(TimeSpan timeout) => _wake.WaitOne(timeout);

    /// <summary>Wakes the writer.</summary>
    public void Wake() => _wake.Set();

    /// <summary>The writer has committed up to <paramref name="position"/>; waiters at or below it complete.</summary>
    public void Advance(long position)
    {
        // Release: what the writer did for these events (rows, tallies) is visible to whoever sees the position.
        Volatile.Write(ref _position, position);
        // The exchange takes the whole stack at once, so no node is ever popped singly and the ABA problem cannot arise.
        var waiter = Interlocked.Exchange(ref _head, null);
        Waiter? first = null, last = null;
        while (waiter is not null)
        {
            var next = waiter.Next;
            if (waiter.Position <= position)
            {
                waiter.SetResult();
            }
            else
            {
                waiter.Next = first;
                first = waiter;
                last ??= waiter;
            }
            waiter = next;
        }
        if (first is not null)
            Push(first, last!);
    }

    public void Dispose() => _wake.Dispose();

    private void Push(Waiter first, Waiter last)
    {
        var head = Volatile.Read(ref _head);
        while (true)
        {
            last.Next = head;
            // Full fence: the links written above are visible to the writer that takes the stack.
            var seen = Interlocked.CompareExchange(ref _head, first, head);
            if (ReferenceEquals(seen, head))
                return;
            head = seen;
        }
    }

    private sealed class Waiter(long position) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Position { get; } = position;

        public Waiter? Next { get; set; }
    }
}
