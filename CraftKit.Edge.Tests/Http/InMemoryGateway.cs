using System.Collections.Concurrent;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Events;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Tests.Http;

/// <summary>The service behind the listeners, kept in memory: one project, one key, and all that was recorded.</summary>
internal sealed class InMemoryGateway : IEdgeGateway
{
    public const string Key = "ck_live_0123456789abcdefghijABCDEFGHIJ01";
    public const string DeletedProjectsKey = "ck_live_deletedprojectdeletedprojectdel";
    public const string Render = "0197_render-A";

    private static readonly object Project = new();

    private long _commits;
    private int _catchUps;

    public ConcurrentQueue<RecordedEvent> Recorded { get; } = new();

    /// <summary>What <see cref="Record"/> answers for the render, whatever the event.</summary>
    public RecordStatus Status { get; set; } = RecordStatus.Recorded;

    public Func<ValueTask> Commit { get; set; } = static () => ValueTask.CompletedTask;

    /// <summary>How bulk requests wait for the writer; null while it is not behind.</summary>
    public Func<ValueTask<bool>>? CatchUp { get; set; }

    /// <summary>How often they did.</summary>
    public int CatchUps => Volatile.Read(ref _catchUps);

    public Func<ValueTask<Engagement?>> Engagement { get; set; } = static () => new ValueTask<Engagement?>(
        new Engagement(0, 0, 0, 0, []));

    public IReadOnlyList<string> Reasons { get; set; } = [];

    public Exception? Failure { get; set; }

    /// <summary>What <see cref="RunningServer"/> puts here; none without an admin plane.</summary>
    public AdminGateway Admin { get; set; } = null!;

    public EventMeter Events { get; } = new();

    public int EngagementThread { get; private set; }

    public int AuthenticationThread { get; private set; }

    /// <summary>The name of the thread that recorded last.</summary>
    public string RecordThread { get; private set; } = "";

    public AuthenticationStatus Authenticate(ReadOnlySpan<char> authorization, out object? project)
    {
        AuthenticationThread = Environment.CurrentManagedThreadId;
        project = authorization.SequenceEqual("Bearer " + Key) ? Project : null;
        return project is not null ? AuthenticationStatus.Granted
            : authorization.SequenceEqual("Bearer " + DeletedProjectsKey) ? AuthenticationStatus.Forbidden
            : AuthenticationStatus.Unauthorized;
    }

    public RecordStatus Record(
        object project,
        ReadOnlySpan<byte> renderId,
        EventType type,
        ClientAddress address,
        bool hasUserAgent,
        ReadOnlySpan<byte> userAgent,
        ReadOnlySpan<byte> metadata,
        out ValueTask commit)
    {
        RecordThread = Thread.CurrentThread.Name ?? "";
        if (Failure is not null)
            throw Failure;
        commit = default;
        if (!ReferenceEquals(project, Project) || !renderId.SequenceEqual(Encoding.ASCII.GetBytes(Render)))
            return RecordStatus.RenderNotFound;
        if (Status is RecordStatus.Recorded)
            Recorded.Enqueue(new RecordedEvent(type, address.ToString(), hasUserAgent ? Encoding.UTF8.GetString(userAgent) : null, metadata.ToArray()));
        commit = Commit();
        return Status;
    }

    public bool TryPrepare(
        object project, ReadOnlySpan<byte> renderId, EventType type, ClientAddress address, Span<byte> share, out PreparedEvent prepared)
    {
        prepared = new PreparedEvent(project, renderId, default, type, address, default);
        return ReferenceEquals(project, Project) && renderId.SequenceEqual(Encoding.ASCII.GetBytes(Render));
    }

    public RecordStatus RecordBulk(
        in PreparedEvent prepared, bool hasUserAgent, ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> metadata, out long commit)
    {
        var status = Record(prepared.Project, prepared.RenderId, prepared.Type, prepared.Address, hasUserAgent, userAgent, metadata, out _);
        commit = status is RecordStatus.Recorded or RecordStatus.Duplicate ? Interlocked.Increment(ref _commits) : 0;
        return status;
    }

    public ValueTask CommitAsync(long commit) => Commit();

    public bool IsBehind => CatchUp is not null;

    public ValueTask<bool> CatchUpAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _catchUps);
        return CatchUp?.Invoke() ?? new ValueTask<bool>(true);
    }

    public ValueTask<Engagement?> ReadEngagementAsync(object project, string renderId, CancellationToken cancellation)
    {
        EngagementThread = Environment.CurrentManagedThreadId;
        return renderId == Render ? Engagement() : new ValueTask<Engagement?>((Engagement?)null);
    }

    public ServiceFigures ReadFigures() => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        NotReadyReasons = Reasons,
        Today = DayFigures.None(0),
        Window = default,
        Journal = default,
        Writer = new WriterFigures(TimeSpan.Zero, null, new WriterMeter()),
        SetAside = 0,
        WalBytes = 0,
        Catalog = new CatalogCounts(0, 0, 0),
        CatalogAge = TimeSpan.Zero,
    };

    public IReadOnlyList<string> NotReadyReasons() => Reasons;
}

internal sealed record RecordedEvent(EventType Type, string Address, string? UserAgent, byte[] Metadata)
{
    public string MetadataText => Encoding.UTF8.GetString(Metadata);
}
