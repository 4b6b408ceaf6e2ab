using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>Loads several servers in turn, round by round, each round the other way about, so that what is compared was measured side by side
/// and no server always comes first.</summary>
internal sealed class Contest
{
    /// <summary>So many requests are sent again at the end of a round: those that were dropped are among the last, unless a connection
    /// starved.</summary>
    private const int SentAgain = 5_000;

    /// <summary>Requests for so much more than the fastest server took before.</summary>
    private const double Margin = 1.4;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private readonly ContestPlan _plan;
    private readonly IReadOnlyList<Contestant> _contestants;
    private readonly List<ServerResult> _results;
    private readonly Action<string> _say;
    private double _highestRate;

    /// <param name="plan">How, how long and how often.</param>
    /// <param name="contestants">Who takes part.</param>
    /// <param name="say">Takes lines about the progress.</param>
    public Contest(ContestPlan plan, IReadOnlyList<Contestant> contestants, Action<string> say)
    {
        _plan = plan;
        _contestants = contestants;
        _say = say;
        _results = [.. contestants.Select(contestant => new ServerResult(contestant.Server.Name, [], new EventBalance()))];

        // What the fastest server takes at least when nobody disturbs it; the longer the requests, the less.
        _highestRate = Math.Min(250_000, 700e6 / contestants[0].Template.Length);
    }

    /// <summary>Starts the servers, runs warm-up and rounds, stops the servers and counts what they stored. Rounds that others disturbed are
    /// repeated, up to as many again.</summary>
    /// <exception cref="InvalidOperationException">A server or the client failed.</exception>
    public IReadOnlyList<ServerResult> Run()
    {
        try
        {
            for (var i = 0; i < _contestants.Count; i++)
            {
                _results[i].Events.StoredBefore = _contestants[i].Server.CountEvents() ?? 0;
                _contestants[i].Server.Start();
                Prepare(_contestants[i], _results[i].Events);
            }

            RunRound(round: -1, WarmUp);
            for (var (round, good) = (0, 0); good < _plan.Rounds && round < 2 * _plan.Rounds; round++)
            {
                if (RunRound(round, _plan.Time))
                    good++;
            }

            for (var i = 0; i < _contestants.Count; i++)
            {
                _contestants[i].Server.Stop();
                _results[i].Events.Stored = _contestants[i].Server.CountEvents() - _results[i].Events.StoredBefore;
            }

            return _results;
        }
        finally
        {
            foreach (var contestant in _contestants)
                contestant.Server.Dispose();
        }
    }

    /// <summary>Loads all servers once; false when the machine was used by others meanwhile.</summary>
    private bool RunRound(int round, TimeSpan time)
    {
        using var requests = new RoundRequests(_plan.RequestsPath, (int)(_highestRate * Margin * time.TotalSeconds));
        var isGood = true;
        _plan.Calm.Await();
        for (var turn = 0; turn < _contestants.Count; turn++)
        {
            var i = round % 2 == 0 ? turn : _contestants.Count - 1 - turn;
            var result = Measure(_contestants[i], _results[i].Events, requests, round, time);
            _highestRate = Math.Max(_highestRate, result.Rate);
            if (round < 0)
                continue;
            _results[i].Rounds.Add(result);
            isGood &= !result.Others.IsTooMuch;
            _say(RoundLine.Of(_contestants[i].Server.Name, result));
        }

        return isGood;
    }

    private RoundResult Measure(Contestant contestant, EventBalance events, RoundRequests requests, int round, TimeSpan time)
    {
        var (server, (file, firstNew)) = (contestant.Server, requests.For(contestant));
        var (start, cpu) = (MachineSample.Take(), server.CpuSeconds);
        var load = _plan.Client.Run(server, file, _plan.Connections, time);
        var rest = server.WaitForRest();
        var served = server.CpuSeconds - cpu;
        var others = _plan.Calm.OthersSince(start);

        if (contestant.Traffic.IsUsedUp && load.Sent > file.Count)
            throw new InvalidOperationException($"{server.Name} took more than the {file.Count} requests that were made for a round.");
        events.Add(load, newEvents: file.CountFrom(firstNew, load.Sent));
        if (load.CutOff > 0)
            events.Add(sent: 0, SendAgain(server, file, load.Sent));
        return new RoundResult { Round = round, Load = load, CpuSeconds = served, RestSeconds = rest.TotalSeconds, Others = others };
    }

    /// <summary>Makes the live keys live where they are not, and finds out the answers' lengths.</summary>
    private static void Prepare(Contestant contestant, EventBalance events)
    {
        using var connection = new OneByOne(contestant.Server);
        if (!contestant.IsPrepared)
        {
            var recorded = Enumerable.Range(0, contestant.Traffic.LiveKeys).Count(number => connection.Ask(contestant.Template, number).IsRecorded);
            events.Add(recorded, recorded);
        }

        var answer = connection.Ask(contestant.Template, 0);
        if (answer.IsRecorded)
            throw new InvalidOperationException($"{contestant.Server.Name} recorded an event that was to be live.");
        contestant.Server.Answers = AnswerLengths.ByDuplicate(answer.Length);
    }

    /// <summary>Makes event 0 live and finds out the answers' lengths, for loads outside of a contest.</summary>
    public static void LearnAnswers(Server server, RequestTemplate template)
    {
        using var connection = new OneByOne(server);
        connection.Ask(template, 0);
        server.Answers = AnswerLengths.ByDuplicate(connection.Ask(template, 0).Length);
    }

    private static int SendAgain(Server server, RequestFile file, long sent)
    {
        using var connection = new OneByOne(server);
        var recorded = 0;
        for (var i = Math.Max(0, sent - SentAgain); i < sent; i++)
            recorded += connection.Ask(file.Template, file.NumberOf(i)).IsRecorded ? 1 : 0;
        return recorded;
    }
}
