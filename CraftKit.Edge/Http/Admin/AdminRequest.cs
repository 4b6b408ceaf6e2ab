using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CraftKit.Edge.Http.Admin;

/// <summary>A request whose route is known and whose key, where one is needed, is right.</summary>
internal sealed class AdminRequest(RequestContext context, string?[] ids)
{
    /// <summary>The server's view of the request, for a handler that sends its own answer.</summary>
    public IFeatureCollection Features => context.Features;

    /// <summary>Cancelled when the client leaves.</summary>
    public CancellationToken Aborted => Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;

    /// <summary>The key that it presented, as its header has it.</summary>
    public ReadOnlySpan<char> Authorization => context.Authorization;

    /// <summary>Whether only the head of an answer is asked for.</summary>
    public bool IsHead => context.Request.Method == HttpMethods.Head;

    /// <summary>The id that the route's braces stand for, counted from 0; null when what stands there can be no id, and so names nothing.</summary>
    public string? Id(int index) => ids[index];

    /// <summary>A parameter of the query, decoded; of a repeated one the last. Null without one.</summary>
    public string? Query(string name)
    {
        if (!PathText.TrySplit(context.Request.RawTarget, out _, out var query))
            return null;
        string? value = null;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            if (WebUtility.UrlDecode((equals < 0 ? pair : pair[..equals]).ToString()) == name)
                value = equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..].ToString());
        }

        return value;
    }

    /// <summary>Reads the body to its end and hands it on piece by piece.</summary>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <param name="take">Takes each piece.</param>
    /// <returns>False when the body is larger; nothing beyond that is handed on.</returns>
    public async Task<bool> ReadBodyAsync(int maxBytes, Action<ReadOnlySpan<byte>> take)
    {
        if (context.Request.Headers.ContentLength > maxBytes)
            return false;
        context.IsReadingBody = true;
        var body = Features.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        var left = (long)maxBytes;
        ReadResult read;
        do
        {
            read = await body.ReadAsync();
            left -= read.Buffer.Length;
            if (left >= 0)
            {
                foreach (var piece in read.Buffer)
                    take(piece.Span);
            }

            body.AdvanceTo(read.Buffer.End);
        }
        while (left >= 0 && !read.IsCompleted);
        context.IsReadingBody = false;
        return left >= 0;
    }

    /// <summary>Reads the whole body.</summary>
    /// <returns>The body; null when it has more than <paramref name="maxBytes"/>.</returns>
    public async Task<byte[]?> ReadBodyAsync(int maxBytes)
    {
        var body = new ArrayBufferWriter<byte>();
        return await ReadBodyAsync(maxBytes, body.Write) ? body.WrittenSpan.ToArray() : null;
    }
}
