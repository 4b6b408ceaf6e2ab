using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Servers;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>Loads several servers in turn, round by round, each round the other way about, so that what is compared was measured side by side
/// and no server always comes first.</summary>
internal sealed class Contest
{
    // Of the first round nobody knows yet how much a server can take.
    private const int AssumedRate = 120_000;

    /// <summary>So many requests are sent again at the end of a round: the dropped ones are among the last, unless a connection starved.</summary>
    private const int SentAgain = 5_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private readonly ContestPlan _plan;
    private readonly IReadOnlyList<Server> _servers;
    private readonly List<ServerResult> _results;
    private readonly Action<string> _say;
    private double _highestRate = AssumedRate;

    /// <param name="plan">What is sent, how, and how often.</param>
    /// <param name="servers">Started servers.</param>
    /// <param name="say">Takes lines about the progress.</param>
    public Contest(ContestPlan plan, IReadOnlyList<Server> servers, Action<string> say)
    {
        _plan = plan;
        _servers = servers;
        _say = say;
        _results = [.. servers.Select(server => new ServerResult(server.Name, [], new EventBalance()))];
    }

    /// <summary>Runs warm-up and rounds. Rounds that others disturbed are repeated, up to as many again.</summary>
    public IReadOnlyList<ServerResult> Run()
    {
        for (var i = 0; i < _servers.Count; i++)
            Prepare(_servers[i], _results[i].Events);
        RunRound(round: -1, WarmUp);
        for (var (round, good) = (0, 0); good < _plan.Rounds && round < 2 * _plan.Rounds; round++)
        {
            if (RunRound(round, _plan.Time))
                good++;
        }

        return _results;
    }

    /// <summary>Loads all servers once; false when the machine was used by others meanwhile.</summary>
    private bool RunRound(int round, TimeSpan time)
    {
        var numbers = _plan.Traffic.Next((int)(_highestRate * 1.3 * time.TotalSeconds), out var firstNew);
        using var requests = new RequestFile(_plan.RequestsPath, _plan.Template, numbers);
        var isGood = true;
        for (var turn = 0; turn < _servers.Count; turn++)
        {
            var i = round % 2 == 0 ? turn : _servers.Count - 1 - turn;
            var result = Measure(_servers[i], _results[i].Events, requests, firstNew, round, time);
            _highestRate = Math.Max(_highestRate, result.Rate);
            if (round < 0)
                continue;
            _results[i].Rounds.Add(result);
            isGood &= !result.Others.IsTooMuch;
            _say(RoundLine.Of(_servers[i].Name, result));
        }

        return isGood;
    }

    private RoundResult Measure(Server server, EventBalance events, RequestFile requests, long firstNew, int round, TimeSpan time)
    {
        var (start, cpu) = (MachineSample.Take(), server.CpuSeconds);
        var load = _plan.Client.Run(server, requests, _plan.Connections, time);
        var rest = server.WaitForRest();
        var served = server.CpuSeconds - cpu;
        var others = MachineSample.Between(start, MachineSample.Take());

        if (_plan.Traffic.IsUsedUp && load.Sent > requests.Count)
            throw new InvalidOperationException($"{server.Name} took more than the {requests.Count} requests that were made for a round.");
        var newEvents = Enumerable.Range(0, (int)Math.Min(load.Sent, requests.Count)).LongCount(sent => requests.NumberOf(sent) >= firstNew);
        events.Add(load, newEvents);
        if (load.CutOff > 0)
            events.Add(sent: 0, SendAgain(server, requests, load.Sent));
        return new RoundResult { Round = round, Load = load, CpuSeconds = served, RestSeconds = rest.TotalSeconds, Others = others };
    }

    /// <summary>Finds out the answers' lengths, and makes the live keys live.</summary>
    private void Prepare(Server server, EventBalance events)
    {
        using var connection = new OneByOne(server.Url);
        var request = new byte[_plan.Template.Length];
        var recorded = 0;
        for (var number = 0; number < _plan.Traffic.LiveKeys; number++)
        {
            _plan.Template.Write(request, number);
            recorded += Answer.Read(connection.Ask(request)).IsRecorded ? 1 : 0;
        }

        // Live from here on, so whoever remembers says false.
        _plan.Template.Write(request, 0);
        var answer = Answer.Read(connection.Ask(request));
        if (answer.IsRecorded)
            throw new InvalidOperationException($"{server.Name} recorded an event twice.");
        server.Answers = new AnswerLengths(answer.Length - 1, answer.Length);
        if (recorded > 0)
            events.Add(_plan.Traffic.LiveKeys, recorded);
    }

    private static int SendAgain(Server server, RequestFile requests, long sent)
    {
        using var connection = new OneByOne(server.Url);
        var request = new byte[requests.Template.Length];
        var recorded = 0;
        for (var i = Math.Max(0, sent - SentAgain); i < sent; i++)
        {
            requests.Template.Write(request, requests.NumberOf(i));
            recorded += Answer.Read(connection.Ask(request)).IsRecorded ? 1 : 0;
        }

        return recorded;
    }
}
