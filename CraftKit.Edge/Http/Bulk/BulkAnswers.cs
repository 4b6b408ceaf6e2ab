using System.Buffers;
using System.IO.Pipelines;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http.Bulk;

/// <summary>The answers of a bulk request on their way out: decided, then committed where that is asked for, then sent.</summary>
/// <remarks>
/// The text goes through a pipe of its own, so that the body is read on while the client takes its answers, or has yet to begin: most clients
/// send everything before they read. <see cref="UnreadBytes"/> hold the answers to ten thousand items that are right or of no known render;
/// only beyond that does a request wait for its client, and for nobody else's.
/// </remarks>
internal sealed class BulkAnswers : IDisposable
{
    /// <summary>So much text waits for a client before its request does.</summary>
    public const int UnreadBytes = 1 << 20;

    /// <summary>Items decided together before they are committed and told.</summary>
    private const int BatchItems = 2048;

    private const int SendBytes = 32 * 1024;

    private readonly IEdgeGateway _gateway;
    private readonly BulkWorker _worker;
    private readonly IFeatureCollection _features;
    private readonly ILogger _logger;
    private readonly Pipe _text = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline,
        writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: UnreadBytes,
        resumeWriterThreshold: UnreadBytes / 2,
        useSynchronizationContext: false));

    private readonly Outcome[] _batch = ArrayPool<Outcome>.Shared.Rent(BatchItems);
    private int _count;
    private long _commit;
    private bool _hasWritten;
    private Task? _sending;

    /// <param name="gateway">Knows when a decision is safe.</param>
    /// <param name="worker">Where this runs.</param>
    /// <param name="features">The request's.</param>
    /// <param name="logger">Where failures of commits go.</param>
    public BulkAnswers(IEdgeGateway gateway, BulkWorker worker, IFeatureCollection features, ILogger logger)
    {
        _gateway = gateway;
        _worker = worker;
        _features = features;
        _logger = logger;
    }

    /// <summary>Whether no item has been answered yet.</summary>
    public bool IsEmpty => _count == 0 && !_hasWritten;

    /// <summary>How many answers may be added before <see cref="PublishAsync"/> must come.</summary>
    public int Room => BatchItems - _count;

    private static ReadOnlySpan<byte> Head => "{\"results\":["u8;

    /// <summary>Adds the answer to the next item.</summary>
    /// <param name="answer">What a single event would be answered with.</param>
    /// <param name="commit">As <see cref="IEdgeGateway.RecordBulk"/> gave it; 0 where the answer waits for nothing.</param>
    public void Add(ApiAnswer answer, long commit = 0)
    {
        _batch[_count++] = new Outcome(answer, commit != 0);
        _commit = Math.Max(_commit, commit);
    }

    /// <summary>Commits what was added and hands it to the client; waits for one who leaves too much unread.</summary>
    /// <exception cref="ConnectionAbortedException">The client has gone.</exception>
    public async ValueTask PublishAsync()
    {
        if (_count == 0)
            return;
        var isSafe = await CommitAsync();
        Write(isSafe);
        await FlushAsync();
    }

    /// <summary>Publishes the rest, and what ends the results if it is not their number.</summary>
    /// <param name="last">The error after the last item's answer; null without one.</param>
    public async ValueTask EndAsync(ApiAnswer? last)
    {
        var isSafe = await CommitAsync();
        if (last is not null)
        {
            Write(isSafe);
            Add(last);
        }

        Write(isSafe);
        if (!_hasWritten)
            _text.Writer.Write(Head);
        _text.Writer.Write("]}"u8);
        _hasWritten = true;
        _sending ??= SendAsync();
        await _text.Writer.CompleteAsync();
        await _sending;
    }

    /// <summary>Gives everything back. After a failure this also ends the sending, which has nobody left to send to.</summary>
    public void Dispose()
    {
        _text.Writer.Complete();
        ArrayPool<Outcome>.Shared.Return(_batch, clearArray: true);
    }

    private async ValueTask<bool> CommitAsync()
    {
        if (_commit == 0)
            return true;
        var isSafe = true;
        try
        {
            await _gateway.CommitAsync(_commit);
        }
        catch (Exception exception)
        {
            // A sync that failed counts as not done: the events may be stored or not, and only a retry tells.
            _logger.LogError(exception, "Events of a bulk request could not be committed to disk; their sender was told to send them again");
            isSafe = false;
        }

        _commit = 0;
        await _worker.EnterAsync();
        return isSafe;
    }

    private void Write(bool isSafe)
    {
        // Advancing the pipe takes a lock, so it is done for as many answers as fit into what it lends.
        var writer = _text.Writer;
        var room = writer.GetSpan();
        var used = 0;
        foreach (ref readonly var outcome in _batch.AsSpan(0, _count))
        {
            var before = _hasWritten ? ","u8 : Head;
            var text = (isSafe || !outcome.Waits ? outcome.Answer : ApiError.QueueUnavailable).Body.Span;
            if (before.Length + text.Length > room.Length - used)
            {
                writer.Advance(used);
                room = writer.GetSpan(before.Length + text.Length);
                used = 0;
            }

            before.CopyTo(room[used..]);
            text.CopyTo(room[(used + before.Length)..]);
            used += before.Length + text.Length;
            _hasWritten = true;
        }

        writer.Advance(used);
        _count = 0;
    }

    private async ValueTask FlushAsync()
    {
        _sending ??= SendAsync();
        var flushed = await _text.Writer.FlushAsync();
        await _worker.EnterAsync();
        if (flushed.IsCompleted)
            throw new ConnectionAbortedException();
    }

    /// <summary>Carries the text to the client, as fast as that takes it.</summary>
    private async Task SendAsync()
    {
        var response = _features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = "application/json";
        var body = _features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var output = body.Writer;
        try
        {
            await body.StartAsync();
            while (true)
            {
                var read = await _text.Reader.ReadAsync();
                await _worker.EnterAsync();
                var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, SendBytes));
                foreach (var memory in part)
                    output.Write(memory.Span);
                var isLast = read.IsCompleted && part.Length == read.Buffer.Length;
                _text.Reader.AdvanceTo(part.End);

                // The server flushes the end itself, and what was written last leaves with it.
                if (isLast)
                    break;
                var flushed = await output.FlushAsync();
                await _worker.EnterAsync();
                if (flushed.IsCompleted)
                    break;
            }
        }
        finally
        {
            // Whoever writes sees that nobody reads any more, and whoever awaits this sees why.
            await _text.Reader.CompleteAsync();
        }
    }

    private readonly record struct Outcome(ApiAnswer Answer, bool Waits);
}
