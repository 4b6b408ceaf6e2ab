using System.Collections.Concurrent;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>What clients sent and were told, kept outside of the process under test.</summary>
internal sealed class Told
{
    private readonly ConcurrentDictionary<long, (DedupeScope Scope, Answer? Answer)> _requests = new();
    private long _lastN;

    /// <summary>Numbers of the requests that were answered with <c>true</c>.</summary>
    public IEnumerable<long> Recorded => _requests.Where(request => request.Value.Answer is { IsRecorded: true }).Select(request => request.Key);

    public int RecordedCount => Recorded.Count();

    public int DuplicateCount => _requests.Count(request => request.Value.Answer is { IsDuplicate: true });

    public int UnansweredCount => _requests.Count(request => request.Value.Answer is null);

    /// <summary>What the request with this number was about.</summary>
    public DedupeScope ScopeOf(long n) => _requests[n].Scope;

    /// <summary>Sends an event with a number of its own and keeps what comes of it.</summary>
    public async Task<Answer?> PostAsync(EventClient client, DedupeScope scope, int padding = 0)
    {
        var n = Interlocked.Increment(ref _lastN);
        _requests[n] = (scope, null);
        var answer = await client.PostAsync(scope, n, padding);
        _requests[n] = (scope, answer);
        return answer;
    }

    /// <summary>Fails unless the export, in which no window has ended, agrees with what was told: every <c>true</c> stored exactly once, every
    /// <c>false</c> not stored but its like, no key twice, nothing that nobody sent, and a cut-off request at most once.</summary>
    /// <param name="exported">All that is stored.</param>
    /// <param name="onlyTold">Whether only answered requests may be stored.</param>
    public void AssertKept(List<StoredEvent> exported, bool onlyTold = false)
    {
        var byNumber = exported.ToLookup(stored => stored.N);
        var byKey = exported.ToLookup(stored => stored.Key);
        Assert.Equal(exported.Count, exported.DistinctBy(stored => stored.Id).Count());
        foreach (var stored in byNumber)
            Assert.True(stored.Count() == 1, $"event {stored.Key} is stored {stored.Count()} times");
        foreach (var stored in byKey)
            Assert.True(stored.Count() == 1, $"{stored.Key} is recorded by {string.Join(", ", stored.Select(one => one.N))} in one window");
        foreach (var (n, (scope, answer)) in _requests)
        {
            var stored = byNumber[n].SingleOrDefault();
            if (stored is not null)
                Assert.Equal((scope.RenderId, scope.Key), (stored.RenderId, stored.Key));
            if (answer is { IsRecorded: true })
                Assert.True(stored is not null, $"event {n} ({scope}) was acknowledged and is lost");
            else if (answer is { IsDuplicate: true })
                Assert.True(stored is null && byKey[scope.Key].Any(), $"event {n} ({scope}) was told false: {(stored is null ? "no like of it is stored" : "it is stored")}");
            else
                Assert.True(stored is null || !onlyTold && answer is null, $"event {n} ({scope}) is stored, its answer was {answer}");
        }
        Assert.All(exported, stored => Assert.True(_requests.ContainsKey(stored.N), $"{stored} was sent by nobody"));
    }
}
