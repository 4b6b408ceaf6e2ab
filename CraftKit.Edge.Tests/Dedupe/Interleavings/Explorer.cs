using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Tests.Dedupe.Interleavings;

/// <summary>Runs a world's actors, real threads in the real code of the window, one step at a time, in every order that the world's bound
/// on preemptions allows: depth first, without going twice on from one state.</summary>
internal sealed class Explorer : IDisposable
{
    private const int Clock = -1, LongestRun = 400;

    private readonly World _world;
    private readonly Actor[] _actors;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _over = new(0);
    private readonly List<(int[] Options, int Taken)> _path = [];
    private readonly HashSet<ulong> _visited = [];
    private readonly List<SlotTable> _tables = [];
    private readonly HashSet<SlotTable> _beingReplaced = [];
    private readonly List<string> _log = [];
    private Shards _shards = null!;
    private ManualClock _clock = null!;
    private Outcome?[] _outcomes = null!;
    private int _depth, _turn, _moves, _ticks, _preemptions;
    private bool _known, _keepLog, _disposed;
    private Exception? _failure;

    public Explorer(World world)
    {
        _world = world;
        _actors = Array.ConvertAll(world.Actors, _ => new Actor());
        _threads = new Thread[_actors.Length];
        for (var i = 0; i < _threads.Length; i++)
        {
            var actor = i;
            _threads[i] = new Thread(() => Act(actor)) { IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>Runs that were made.</summary>
    public int Runs { get; private set; }

    /// <summary>States that were seen.</summary>
    public int States => _visited.Count;

    /// <summary>Explores; what is wrong with the first bad run, and its moves, or null when there is none.</summary>
    public string? FirstBadRun()
    {
        do
        {
            Run();
            if (_failure is null && Judge() is null)
                continue;
            _keepLog = true;
            Run();
            return $"{_failure?.Message ?? Judge()}\n    {string.Join("\n    ", _log)}";
        }
        while (NextPath());
        return null;
    }

    /// <summary>Called by an actor before each of its steps: comes back when it is to take it.</summary>
    public void Offer(int actor, Move move)
    {
        var self = _actors[actor];
        self.Next = move;

        // The way to an actor's first step is its own affair: whoever gave it the turn meant that step.
        if (self.Started)
            Pass(self);
        self.Started = true;
        Witness(actor, self);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var actor in _actors)
            actor.Baton.Release();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Run()
    {
        (_shards, _clock) = _world.Begin();
        _outcomes = new Outcome[_actors.Length];
        _tables.Clear();
        _beingReplaced.Clear();
        _log.Clear();
        foreach (var actor in _actors)
            actor.Reset();
        _depth = _moves = _ticks = _preemptions = 0;
        _turn = Clock;
        _known = false;
        _failure = null;
        Runs++;
        Choose();
        _actors[_turn].Baton.Release();
        _over.Wait();
    }

    private void Act(int number)
    {
        var self = _actors[number];
        while (true)
        {
            self.Baton.Wait();
            if (_disposed)
                return;
            self.StartedAt = _moves;
            if (_world.Actors[number].Verb == Verb.Look)
                self.Saw(_outcomes);
            try
            {
                _outcomes[number] = Do(number, self);
            }
            catch (InvalidOperationException failure)
            {
                _failure = failure;
            }

            self.Finished = true;
            self.Saw(_outcomes[number]);
            if (Array.TrueForAll(_actors, a => a.Finished))
                _over.Release();
            else
                Pass(null);
        }
    }

    private Outcome Do(int number, Actor self)
    {
        var (verb, key) = _world.Actors[number];
        var turn = new Turn(this, number);
        bool success = true;
        long claimedAt = 0;
        if (verb == Verb.Claim)
            success = _shards.Claim(World.Key(key), out claimedAt, turn) == ClaimStatus.Recorded;
        else if (verb == Verb.Look)
            success = _shards.TryFindLive(World.Key(key), out claimedAt, turn);
        else
            _shards.Rebuild(0, turn);
        return new Outcome(key, verb, success, claimedAt, self.Now, self.StartedAt, _moves);
    }

    /// <summary>Gives the turn to whom the path names; an actor that is given as <paramref name="waiting"/> comes back when it is its
    /// own.</summary>
    private void Pass(Actor? waiting)
    {
        Choose();
        var chosen = _actors[_turn];
        if (chosen == waiting)
            return;
        chosen.Baton.Release();
        waiting?.Baton.Wait();
    }

    private void Choose()
    {
        while (true)
        {
            if (_depth == _path.Count)
                _path.Add((Options(), 0));
            var (options, taken) = _path[_depth++];
            var choice = options[taken];
            if (choice != Clock)
            {
                if (_turn != Clock && choice != _turn && !_actors[_turn].Finished)
                    _preemptions++;
                _turn = choice;
                return;
            }

            _ticks++;
            _clock.Advance(World.Tick);
            if (_keepLog)
                _log.Add("the clock ticks");
        }
    }

    private int[] Options()
    {
        var goOn = _turn != Clock && !_actors[_turn].Finished;
        var first = goOn ? _turn : Array.FindIndex(_actors, a => !a.Finished);

        // From a state that was seen before everything was tried, or will be: this run only has to end.
        _known = _known || !_visited.Add(State());
        if (_known || _failure is not null)
            return [first];
        List<int> options = [first];
        for (var i = 0; i < _actors.Length; i++)
        {
            if (i != first && !_actors[i].Finished && (!goOn || _preemptions < _world.Preemptions))
                options.Add(i);
        }

        if (_ticks < _world.Ticks)
            options.Add(Clock);
        return [.. options];
    }

    private bool NextPath()
    {
        while (_path.Count > 0)
        {
            var (options, taken) = _path[^1];
            if (taken + 1 < options.Length)
            {
                _path[^1] = (options, taken + 1);
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }

    /// <summary>Notes what the actor sees in the step that it takes next: nobody else moves before it has taken it.</summary>
    private void Witness(int number, Actor self)
    {
        var move = self.Next;
        if (move.Step is Step.ReadClock or Step.ReadClockToCopy)
            self.Now = _clock.GetTimestamp();
        if (move.Step == Step.BeginReplacement)
            _beingReplaced.Add(move.Table!.Value);
        var word = move switch
        {
            { Step: Step.TakeTable or Step.Await or Step.Publish } => (ulong)NumberOf(_shards.TableOf(0)),
            { Step: Step.ReadClock or Step.ReadClockToCopy } => (ulong)self.Now,
            { Step: Step.BeginReplacement } => (ulong)NumberOf(move.Table!.Value),
            { Step: Step.ReadFingerprint or Step.PutFingerprint or Step.BuryEmpty } => move.Table!.Value[move.Slot].Fingerprint,
            { Step: Step.CopySlot } => Mix(0, move.Table!.Value[move.Slot].Fingerprint, (ulong)move.Table.Value[move.Slot].Time),
            _ => (ulong)move.Table!.Value[move.Slot].Time,
        };
        self.Saw(move.Step, word);
        if (_keepLog)
            _log.Add($"{"ABCDEF"[number]} {_world.Actors[number].Verb}s {_world.Actors[number].Key}: {move.Step} slot {move.Slot}, sees {word:x}");
        if (++_moves > LongestRun)
            throw new InvalidOperationException("the run does not end");
    }

    private ulong State()
    {
        var state = Mix(0, (ulong)_clock.GetTimestamp(), (ulong)NumberOf(_shards.TableOf(0)));
        if (_world.Preemptions != World.Unbounded)
            state = Mix(state, (ulong)_turn, (ulong)_preemptions);
        foreach (var table in _tables)
        {
            state = Mix(state, (ulong)table.Capacity, _beingReplaced.Contains(table) ? 1u : 0u);
            for (var i = 0; i < table.Capacity; i++)
                state = Mix(state, table[i].Fingerprint, (ulong)table[i].Time);
        }

        foreach (var actor in _actors)
        {
            state = Mix(state, actor.Seen, (ulong)actor.Now);
            state = Mix(state, actor.SeenTime, ((ulong)actor.Next.Step << 8) + (ulong)(actor.Next.Slot + 1));
            state = Mix(state, actor.Next.Table is { } next ? (ulong)NumberOf(next) : 99u, actor.Finished ? 1u : actor.Started ? 2u : 3u);
        }

        return state;
    }

    private int NumberOf(SlotTable table)
    {
        var number = _tables.IndexOf(table);
        if (number >= 0)
            return number;
        _tables.Add(table);
        return _tables.Count - 1;
    }

    private string? Judge() => new Verdict(_world, _shards, _clock, _outcomes!).Fault();

    public static ulong Mix(ulong state, ulong one, ulong two)
    {
        state = (state ^ one) * 0x9E37_79B9_7F4A_7C15;
        state = ((state ^ (state >> 32)) + two) * 0xD6E8_FEB8_6659_FD93;
        return state ^ (state >> 29);
    }
}
