using System.Buffers;
using System.Runtime.CompilerServices;
using CraftKit.Edge.Events;
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
            if (_answers.IsFull)
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

    /// <summary>Decides the items of one turn.</summary>
    /// <param name="buffer">What has come of the body and was not taken.</param>
    /// <param name="isWhole">Whether that is its end.</param>
    /// <returns>Up to where it was taken.</returns>
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
        foreach (var memory in isTooLarge ? buffer.Slice(0, allowed) : buffer)
        {
            var rest = memory.Span;
            while (true)
            {
                if (_isOver || _items - items == TurnItems || taken >= TurnBytes || _answers.IsFull || (_isPatient && _endpoint.Gateway.IsBehind))
                {
                    taken += memory.Length - rest.Length;
                    _bytes += taken;
                    return buffer.GetPosition(taken);
                }

                var status = _framing.Next(ref rest, out var item);
                if (status == FramingStatus.More)
                    break;
                Take(status, item);
            }

            taken += memory.Length;
        }

        _bytes += taken;
        if (isTooLarge)
            End(ApiError.PayloadTooLarge);
        else if (isWhole)
            TakeEnd();
        return buffer.GetPosition(taken);
    }

    private void TakeEnd()
    {
        if (_answers.IsFull)
            return;
        var status = _framing.End(out var item);
        if (status == FramingStatus.More)
            End(null);
        else
            Take(status, item);
    }

    private void Take(FramingStatus status, ReadOnlySpan<byte> item)
    {
        if (status == FramingStatus.Fault)
            End(ApiError.InvalidJson);
        else if (_items == BulkEndpoint.MaxItems)
            End(ApiError.TooManyItems);
        else if (status == FramingStatus.TooLarge)
            Answer(ApiError.PayloadTooLarge, 0);
        else
            Answer(DecideItem(item, out var commit), commit);
    }

    /// <summary>Decides one item as the event route does an event; allocates nothing unless the item is faulty.</summary>
    [SkipLocalsInit]
    private ApiAnswer DecideItem(ReadOnlySpan<byte> bytes, out long commit)
    {
        commit = 0;
        Span<byte> id = stackalloc byte[EventRecord.MaxIdLength];
        var item = EventBodyReader.ReadItem(bytes, id);
        if (!item.IsJson)
            return ApiError.InvalidJson;
        if (item.Issues is not null)
            return ApiError.InvalidRequest(item.Issues);
        var address = _isProxied && item.SourceIp is { } named ? named : _address;
        return EventsEndpoint.AnswerTo(_endpoint.Gateway.RecordBulk(
            _context.Project!, item.RenderId, item.Type, address, _userAgent is not null, _userAgent, item.Metadata, out commit));
    }

    private void Answer(ApiAnswer answer, long commit)
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
}
