using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using CraftKit.Edge.Metrics;

namespace CraftKit.Edge.Http;

/// <summary>Passes a connection's output on, and completes the head of a refusal that the server sends without a body.</summary>
/// <remarks>
/// The server refuses a broken request line, oversized headers and the like by a bare head, and offers no hook for it. It writes such a
/// head in one piece, as status 4xx or 5xx with <c>Content-Length: 0</c> and <c>Connection: close</c>; answers of ours never have an
/// empty body. So looking at each piece as it is committed is enough, and for an ordinary answer the look ends at the tenth byte.
/// </remarks>
/// <param name="output">The connection's output.</param>
/// <param name="meter">Counts the refusals, which no route sees.</param>
internal sealed class RefusalBodyWriter(PipeWriter output, RequestMeter meter) : PipeWriter
{
    private const int StatusOffset = 9;

    // No head of a refusal is longer (they have 100 to 200 bytes). So much memory is lent at least, that it comes in one piece.
    private const int MaxHeadLength = 512;

    // What was handed out last. The server asks for memory, fills it and commits it under one lock, so this needs none.
    private Memory<byte> _lent;

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes;

    private static ReadOnlySpan<byte> EmptyBody => "\r\nContent-Length: 0\r\n"u8;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _lent = output.GetMemory(Math.Max(sizeHint, MaxHeadLength));

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        var lent = _lent;
        _lent = default;
        if (bytes > StatusOffset && bytes <= lent.Length && lent.Span[StatusOffset] is (byte)'4' or (byte)'5' && TryComplete(lent.Span[..bytes]))
            return;
        output.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => output.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        output.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => output.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => output.CompleteAsync(exception);

    private bool TryComplete(ReadOnlySpan<byte> head)
    {
        if (head.Length > MaxHeadLength
            || !head.StartsWith("HTTP/1.1 "u8)
            || !head.EndsWith("\r\n\r\n"u8)
            || head.IndexOf("\r\nConnection: close\r\n"u8) < 0
            || (head.IndexOf(EmptyBody) is var length && length < 0)
            || !int.TryParse(head.Slice(StatusOffset, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return false;
        }

        // The head lies in memory that is about to be lent again: it is copied before anything is written.
        Span<byte> before = stackalloc byte[length];
        head[..length].CopyTo(before);
        Span<byte> after = stackalloc byte[head.Length - length - EmptyBody.Length];
        head[(length + EmptyBody.Length)..].CopyTo(after);
        var body = Refusals.For(status).Body.Span;
        output.Write(before);
        output.Write(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"\r\nContent-Length: {body.Length}\r\nContent-Type: application/json\r\n")));
        output.Write(after);
        output.Write(body);
        meter.CountRefused(status);
        return true;
    }
}
