using System.Buffers;
using System.Runtime.CompilerServices;
using CraftKit.Edge.Events;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http.Bulk;

/// <summary>One bulk request: its body is taken as it comes, and each item is decided like a single event. What it holds in memory does not
/// depend on the body's size.</summary>
internal sealed class BulkRequest : IDisposable
{
    /// <summary>After so many items, or bytes, the next request has its turn.</summary>
    private const int TurnItems = 32, TurnBytes = 64 * 1024;

    private readonly BulkEndpoint _endpoint;
    private readonly RequestContext _context;
    private readonly BulkFraming _framing;
    private readonly BulkAnswers _answers;
    private readonly ClientAddress _address;
    private readonly bool _isProxied;
    private readonly byte[]? _userAgent;

    private int _items;
    private long _bytes;
    private bool _isPatient = true;
    private bool _isOver;
    private ApiAnswer? _last;

    public BulkRequest(BulkEndpoint endpoint, RequestContext context)
    {
        _endpoint = endpoint;
        _context = context;
        _framing = new BulkFraming(endpoint.MaxItemBytes);
        _answers = new BulkAnswers(endpoint.Gateway, endpoint.Worker, context.Features, endpoint.Logger);
        _address = ForwardedForReader.Read(context, endpoint.TrustedProxies);
        _isProxied = endpoint.TrustedProxies.Contains(context.Peer);
        if (UserAgentReader.Join(context.Request.Headers.UserAgent) is { } agent)
        {
            Span<byte> bytes = stackalloc byte[EventRecord.MaxUserAgentBytes];
            _userAgent = bytes[..UserAgentReader.Read(agent, bytes)].ToArray();
        }
    }

    /// <summary>Answers the request.</summary>
    public async Task RunAsync()
    {
        await _endpoint.Worker.EnterAsync();
        try
        {
            await DecideAllAsync();
        }
        catch (Exception exception) when (!_answers.IsEmpty && !RequestGuard.IsGone(_context.Features, exception))
        {
            // The answers that stand are owed to the client; they end with what went wrong.
            _last = AnswerTo(exception);
        }

        _context.IsReadingBody = false;
        await _endpoint.Worker.EnterAsync();
        await _answers.EndAsync(_last);

        // The connection goes on elsewhere with its next request.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    public void Dispose()
    {
        _answers.Dispose();
        _framing.Dispose();
    }

    private async Task DecideAllAsync()
    {
        var worker = _endpoint.Worker;
        _context.IsReadingBody = true;
        var body = _context.Features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        while (!_isOver)
        {
            // Before waiting for more the client is told what is known: it may be waiting for that.
            var reading = body.ReadAsync();
            if (!reading.IsCompleted)
                await _answers.PublishAsync();
            var read = await reading;
            await worker.EnterAsync();
            body.AdvanceTo(Decide(read.Buffer, read.IsCompleted));
            if (_answers.Room == 0)
                await _answers.PublishAsync();
            if (_isPatient && _endpoint.Gateway.IsBehind)
            {
                await _answers.PublishAsync();
                _isPatient = await _endpoint.Gateway.CatchUpAsync(_context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted);
                await worker.EnterAsync();
            }

            await worker.TakeTurnAsync();
        }
    }

    /// <summary>Decides the items of one turn. Each is decided after the next one was read: meanwhile the memory comes that the window will look at,
    /// which is a third of what an event takes.</summary>
    /// <param name="buffer">What has come of the body and was not taken.</param>
    /// <param name="isWhole">Whether that is its end.</param>
    /// <returns>Up to where it was taken.</returns>
    [SkipLocalsInit]
    private SequencePosition Decide(ReadOnlySequence<byte> buffer, bool isWhole)
    {
        // A request may last; its key counts for as long as it is live.
        if (_endpoint.Refuse(_context) is { } refusal)
        {
            End(refusal);
            return buffer.End;
        }

        var allowed = _endpoint.MaxBodyBytes - _bytes;
        var isTooLarge = buffer.Length > allowed;
        var taken = 0L;
        var items = _items;
        scoped var waiting = new WaitingItem(stackalloc byte[WaitingItem.BufferBytes]);
        foreach (var memory in isTooLarge ? buffer.Slice(0, allowed) : buffer)
        {
            var rest = memory.Span;
            while (true)
            {
                if (_isOver || _items - items + waiting.Count >= TurnItems || taken >= TurnBytes || _answers.Room == waiting.Count
                    || (_isPatient && _endpoint.Gateway.IsBehind))
                {
                    Decide(ref waiting);
                    taken += memory.Length - rest.Length;
                    _bytes += taken;
                    return buffer.GetPosition(taken);
                }

                var status = _framing.Next(ref rest, out var item);
                if (status == FramingStatus.More)
                    break;
                Take(status, item, ref waiting);
            }

            taken += memory.Length;
        }

        Decide(ref waiting);
        _bytes += taken;
        if (isTooLarge)
            End(ApiError.PayloadTooLarge);
        else if (isWhole)
            TakeEnd(ref waiting);
        return buffer.GetPosition(taken);
    }

    private void TakeEnd(scoped ref WaitingItem waiting)
    {
        if (_answers.Room == 0)
            return;
        var status = _framing.End(out var item);
        if (status == FramingStatus.More)
            End(null);
        else
            Take(status, item, ref waiting);
        Decide(ref waiting);
    }

    /// <summary>Takes what the framing found. An item that can be decided waits for the next one; what was waiting, and what can be told at once, is
    /// answered.</summary>
    private void Take(FramingStatus status, ReadOnlySpan<byte> bytes, scoped ref WaitingItem waiting)
    {
        if (status != FramingStatus.Item || _items + waiting.Count == BulkEndpoint.MaxItems)
        {
            Decide(ref waiting);
            if (status == FramingStatus.Fault)
                End(ApiError.InvalidJson);
            else if (_items == BulkEndpoint.MaxItems)
                End(ApiError.TooManyItems);
            else
                Answer(ApiError.PayloadTooLarge);
            return;
        }

        var item = EventBodyReader.ReadItem(bytes, waiting.IdOfNext);
        var refusal = !item.IsJson ? ApiError.InvalidJson : item.Issues is not null ? ApiError.InvalidRequest(item.Issues) : null;
        var address = _isProxied && item.SourceIp is { } named ? named : _address;
        PreparedEvent prepared = default;
        if (refusal is null && !_endpoint.Gateway.TryPrepare(_context.Project!, item.RenderId, item.Type, address, waiting.ShareOfNext, out prepared))
            refusal = EventsEndpoint.AnswerTo(RecordStatus.RenderNotFound);
        Decide(ref waiting);
        if (refusal is not null)
            Answer(refusal);
        else
            waiting.Set(prepared, item.Metadata);
        if (_framing.IsInBuffer)
            Decide(ref waiting);
    }

    /// <summary>Decides the item that waits, if there is one, as the event route does an event; allocates nothing.</summary>
    private void Decide(scoped ref WaitingItem waiting)
    {
        if (waiting.Count == 0)
            return;
        waiting.Count = 0;
        var status = _endpoint.Gateway.RecordBulk(waiting.Event, _userAgent is not null, _userAgent, waiting.Metadata, out var commit);
        Answer(EventsEndpoint.AnswerTo(status), commit);
    }

    private void Answer(ApiAnswer answer, long commit = 0)
    {
        _items++;
        _answers.Add(answer, commit);
    }

    private void End(ApiAnswer? last) => (_isOver, _last) = (true, last);

    private ApiAnswer AnswerTo(Exception exception)
    {
        if (exception is BadHttpRequestException refusal)
            return Refusals.For(refusal.StatusCode);
        if (exception is IOException && _context.IsReadingBody)
            return Refusals.For(StatusCodes.Status400BadRequest);
        _endpoint.Logger.LogError(exception, "A bulk request failed; its results end with that");
        return ApiError.Internal;
    }

    /// <summary>An item that was read and is decided when the next one was, with room for the ids of both.</summary>
    private ref struct WaitingItem(Span<byte> buffer)
    {
        /// <summary>Bytes of the room.</summary>
        public const int BufferBytes = 4 * EventRecord.MaxIdLength;

        private readonly Span<byte> _buffer = buffer;
        private int _next;

        /// <summary>1 while an item waits, else 0.</summary>
        public int Count;

        public PreparedEvent Event;
        public ReadOnlySpan<byte> Metadata;

        /// <summary>Takes the render id of the item after the one that waits.</summary>
        public readonly Span<byte> IdOfNext => _buffer.Slice(_next, EventRecord.MaxIdLength);

        /// <summary>Takes its share.</summary>
        public readonly Span<byte> ShareOfNext => _buffer.Slice(_next + EventRecord.MaxIdLength, EventRecord.MaxIdLength);

        /// <summary>Lets the next item wait.</summary>
        public void Set(PreparedEvent prepared, ReadOnlySpan<byte> metadata)
        {
            Event = prepared;
            Metadata = metadata;
            Count = 1;
            _next = (BufferBytes / 2) - _next;
        }
    }
}
