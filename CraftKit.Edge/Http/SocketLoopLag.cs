using System.Net;
using System.Net.Sockets;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Transport;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Http;

/// <summary>Measures how long a socket thread takes to come round to a socket: the time that every request waits before anything of
/// ours runs.</summary>
/// <remarks>
/// A byte is sent through a loopback connection ten times a second, and every two seconds while the process has next to nothing to do; its
/// receipt is a completion like that of any request, so it waits as long as one would. What makes it wait is a handler that blocks on the
/// socket thread, or more load than the thread can carry. Where there are several socket threads, the one is measured that the connection happened to be given.
/// </remarks>
internal sealed class SocketLoopLag : ILoopLag
{
    /// <summary>A lag that is worth a warning.</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromMilliseconds(100);

    /// <summary>At most one warning in this time.</summary>
    public static readonly TimeSpan WarningPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100), PeriodAtRest = TimeSpan.FromSeconds(2);

    /// <summary>A process that uses less than one part in so many of a processor is at rest.</summary>
    private const int Rest = 50;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly SocketAsyncEventArgs _receipt;
    private readonly byte[] _buffer = new byte[1];
    private readonly ManualResetEvent _stop = new(false);
    private readonly Thread _thread;

    // Non-zero while a byte is on its way. A tick claims it by a compare-and-swap from 0 before it sends, so the receipt, which the byte
    // causes, finds the timestamp there. The receipt gives it back by a volatile write after it has armed the next receive; were that
    // order turned round, the next byte could be there first, and be received without the socket thread.
    private long _sentAt;
    private long _lastTicks;
    private long _maxTicks;
    private long _warnedAt;
    private int _disposed;
    private bool _cut;

    /// <param name="time">The clock.</param>
    /// <param name="logger">Where warnings go.</param>
    /// <exception cref="EdgeException">The loopback interface cannot be used.</exception>
    public SocketLoopLag(TimeProvider time, ILogger<SocketLoopLag> logger)
    {
        _time = time;
        _logger = logger;
        (_sender, _receiver) = Connect();
        _receipt = new SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true);
        _receipt.SetBuffer(_buffer);
        _receipt.Completed += (_, _) => OnReceived();
        _receiver.ReceiveAsync(_receipt);
        _thread = new Thread(Run) { Name = "socket loop lag", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The latest measurement; while a byte is overdue, how long it has been on its way.</summary>
    /// <remarks>Interlocked only so that the 64 bits are whole on a 32-bit machine too; nothing else hangs on it.</remarks>
    public TimeSpan Last => TimeSpan.FromTicks(Interlocked.Read(ref _lastTicks));

    /// <summary>The longest lag since this was asked last, for a reader that samples at its own pace.</summary>
    /// <remarks>Interlocked, so that a lag noted meanwhile is in this answer or the next, never lost.</remarks>
    public TimeSpan TakeMax() => TimeSpan.FromTicks(Interlocked.Exchange(ref _maxTicks, 0));

    /// <summary>Stops measuring.</summary>
    public void Dispose()
    {
        // The exchange lets only the first call dispose. A receipt that runs meanwhile may meet a disposed socket; it looks at the flag then
        // (it was set before) and keeps silent.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _sender.Dispose();
        _receiver.Dispose();
        _receipt.Dispose();
    }

    private static (Socket Sender, Socket Receiver) Connect()
    {
        var sender = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            sender.Connect(listener.LocalEndPoint!);
            while (true)
            {
                // Whoever else of this machine connects in between is turned away.
                var receiver = listener.Accept();
                if (receiver.RemoteEndPoint!.Equals(sender.LocalEndPoint))
                    return (sender, receiver);
                receiver.Dispose();
            }
        }
        catch (SocketException exception)
        {
            sender.Dispose();
            throw new EdgeException($"127.0.0.1: cannot connect to itself: {exception.Message}; check the loopback interface", inner: exception);
        }
    }

    // A thread of its own, not a timer: that would wake the timers' thread, the pool and its guard for each measurement.
    private void Run()
    {
        TimeSpan period;
        var (now, used) = (Environment.TickCount64, Environment.CpuUsage.TotalTime);
        do
        {
            var isOverdue = OnTick();
            var (before, usedBefore) = (now, used);
            (now, used) = (Environment.TickCount64, Environment.CpuUsage.TotalTime);
            period = isOverdue || (used - usedBefore) * Rest > TimeSpan.FromMilliseconds(now - before) ? Period : PeriodAtRest;
        }
        while (!_stop.WaitOne(period) && !Volatile.Read(ref _cut)); // pairs with GiveUp; seen a tick later, nothing is lost
    }

    /// <summary>Sends a byte, unless one is still on its way: then the answer is true.</summary>
    private bool OnTick()
    {
        // Only a tick that finds no byte on its way, and says so in the same step, sends one. 0 means none; a clock that stands at exactly 0
        // loses one unit of one measurement.
        var now = Math.Max(1, _time.GetTimestamp());
        var sentAt = Interlocked.CompareExchange(ref _sentAt, now, 0);
        if (sentAt != 0)
        {
            Note(_time.GetElapsedTime(sentAt, now));
            return true;
        }

        try
        {
            _sender.Send([1]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            GiveUp(exception);
        }

        return false;
    }

    private void OnReceived()
    {
        if (Volatile.Read(ref _disposed) != 0)
            return;
        Note(_time.GetElapsedTime(Volatile.Read(ref _sentAt)));
        try
        {
            // Armed before the next byte may be sent: so it is never there already, and every receipt comes from the socket thread.
            if (_receipt.SocketError != SocketError.Success || _receipt.BytesTransferred == 0 || !_receiver.ReceiveAsync(_receipt))
                GiveUp(null);
        }
        catch (ObjectDisposedException exception)
        {
            GiveUp(exception);
        }

        Volatile.Write(ref _sentAt, 0);
    }

    private void GiveUp(Exception? cause)
    {
        if (Volatile.Read(ref _disposed) != 0)
            return;
        _logger.LogWarning(cause, "The lag of the socket threads is no longer measured: the loopback connection was cut");
        Volatile.Write(ref _cut, true);
    }

    private void Note(TimeSpan lag)
    {
        Interlocked.Exchange(ref _lastTicks, lag.Ticks);

        // Timer and receipt may note at once: the compare-and-swap lets the larger one stay; a plain write could put the smaller on top.
        long max;
        while (lag.Ticks > (max = Interlocked.Read(ref _maxTicks)) && Interlocked.CompareExchange(ref _maxTicks, lag.Ticks, max) != max)
        {
        }

        if (lag < Threshold)
            return;

        // Of those who find a warning due at once, the compare-and-swap lets one write it.
        var now = _time.GetTimestamp();
        var warnedAt = Interlocked.Read(ref _warnedAt);
        if ((warnedAt == 0 || _time.GetElapsedTime(warnedAt, now) >= WarningPause)
            && Interlocked.CompareExchange(ref _warnedAt, now, warnedAt) == warnedAt)
        {
            _logger.LogWarning("A socket thread came round only after {Lag} ms: all requests wait that long; it is overloaded or was blocked", (long)lag.TotalMilliseconds);
        }
    }
}
