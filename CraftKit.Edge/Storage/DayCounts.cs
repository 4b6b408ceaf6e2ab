using System.Diagnostics;
using System.Runtime.InteropServices;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Storage;

/// <summary>Counts the stored events by the UTC day of their <c>createdAt</c>: every day by type in <c>events.db</c>, today with its busiest renders in
/// memory too.</summary>
/// <remarks>
/// The current day stands in the row of <c>state</c>, whose page each batch writes anyway; when another one begins, its counts go to the table
/// <c>days</c>, as those of events of other days do at once. A day's count is the sum of both.
/// For the thread that writes the store. A batch's events are staged; <see cref="WriteStaged"/> writes them in the batch's transaction, so counts
/// and rows never differ; <see cref="Apply"/> counts them in memory once that has committed, <see cref="Discard"/> drops them. Any thread
/// may read <see cref="Today"/>, which <see cref="Show"/> replaces as a whole.
/// </remarks>
internal sealed class DayCounts : IDisposable
{
    /// <summary>A day of more events begins without its busiest renders when the process starts: reading so many rows takes about 0.1 s.</summary>
    public const long MaxRestored = 200_000;

    private const int RowsBetweenLooks = 256;

    /// <summary>Of reading rows back when the process starts.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(250);

    private const long MillisecondsPerDay = 86_400_000;
    private const int TypeBits = 2;

    private readonly SqliteFile _file;
    private readonly SqliteStatement _addToState;
    private readonly SqliteStatement _addToDays;
    private readonly SqliteStatement _name;
    private readonly Dictionary<int, long> _staged = [];
    private readonly List<int> _stagedToday = [];
    private readonly long[] _stagedInState = new long[1 << TypeBits];
    private readonly long[] _byType = new long[1 << TypeBits];
    private readonly BusiestRenders _busiest = new();
    private readonly Dictionary<int, (string Project, string Render)> _names = [];
    private int _dayInState;
    private int _day = -1;
    private bool _isBehind;
    private DayFigures _today = DayFigures.None(-1);

    /// <param name="file">The database, at this program's version.</param>
    public DayCounts(SqliteFile file)
    {
        _file = file;
        _dayInState = (int)file.QueryInt64("SELECT day FROM state");
        _addToState = file.Prepare("UPDATE state SET viewed = viewed + ?1, downloaded = downloaded + ?2, printed = printed + ?3");
        _addToDays = file.Prepare("INSERT INTO days VALUES (?1, ?2, ?3) ON CONFLICT (day, type) DO UPDATE SET events = events + excluded.events");
        _name = file.Prepare("SELECT p.id, r.id FROM renders r JOIN projects p ON p.number = r.project WHERE r.number = ?1");
    }

    /// <summary>What was shown last. For any thread.</summary>
    /// <remarks>Acquire: pairs with the release in <see cref="Show"/>, so that who sees the reference sees what is behind it.</remarks>
    public DayFigures Today => Volatile.Read(ref _today);

    /// <summary>The UTC day of a time, in days since 1970-01-01.</summary>
    public static int DayOf(DateTimeOffset time) => (int)Math.Max(0, time.ToUnixTimeMilliseconds() / MillisecondsPerDay);

    /// <summary>Notes an event of the batch under way.</summary>
    /// <param name="render">Its render's number.</param>
    /// <param name="type">Its type.</param>
    /// <param name="id">Its id, whose time decides the day.</param>
    public void Stage(int render, EventType type, EventId id)
    {
        var day = (int)(id.UnixMilliseconds / MillisecondsPerDay);
        CollectionsMarshal.GetValueRefOrAddDefault(_staged, (day << TypeBits) | (int)type, out _)++;
        if (day == _day)
            _stagedToday.Add(render);
    }

    /// <summary>Writes what is staged, in the transaction that stores its events.</summary>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public void WriteStaged()
    {
        Array.Clear(_stagedInState);
        foreach (var (key, events) in _staged)
        {
            var (day, type) = (key >> TypeBits, key & ((1 << TypeBits) - 1));
            if (day == _dayInState)
                _stagedInState[type] = events;
            else
                _addToDays.Bind(1, day).Bind(2, type).Bind(3, events).Run();
        }

        if (_stagedInState.AsSpan().ContainsAnyExcept(0))
            _addToState.Bind(1, _stagedInState[(int)EventType.Viewed]).Bind(2, _stagedInState[(int)EventType.Downloaded]).Bind(3, _stagedInState[(int)EventType.Printed]).Run();
    }

    /// <summary>The batch is committed: counts it.</summary>
    public void Apply()
    {
        foreach (var (key, events) in _staged)
        {
            if (key >> TypeBits == _day)
                _byType[key & ((1 << TypeBits) - 1)] += events;
        }

        foreach (var render in CollectionsMarshal.AsSpan(_stagedToday))
            _busiest.Count(render);
        _isBehind |= _stagedToday.Count > 0;
        Discard();
    }

    /// <summary>Forgets what is staged.</summary>
    public void Discard()
    {
        _staged.Clear();
        _stagedToday.Clear();
    }

    /// <summary>Shows the counts to readers when they have changed. Between batches; when the day is another one than before, its counts are read
    /// from the database.</summary>
    /// <param name="today">See <see cref="DayOf"/>.</param>
    /// <exception cref="EdgeException">Storage failed; what was shown before stays.</exception>
    public void Show(int today)
    {
        if (today != _day)
            Begin(today);
        if (!_isBehind)
            return;
        var busiest = _busiest.ToList().ConvertAll(entry => new BusyRender(NameOf(entry.Number).Project, NameOf(entry.Number).Render, entry.Events));

        // Release: see Today.
        Volatile.Write(
            ref _today,
            new DayFigures(_day, _byType[(int)EventType.Viewed], _byType[(int)EventType.Downloaded], _byType[(int)EventType.Printed], busiest));
        _isBehind = false;
    }

    public void Dispose()
    {
        _addToState.Dispose();
        _addToDays.Dispose();
        _name.Dispose();
    }

    private void Begin(int day)
    {
        // Not of that day until all is read: a failure on the way leaves it to be begun again.
        _day = -1;
        Array.Clear(_byType);
        _busiest.Clear();
        _names.Clear();
        if (day != _dayInState)
            TurnState(day);
        using (var counts = _file.Prepare("""
            SELECT 1, viewed FROM state UNION ALL SELECT 2, downloaded FROM state UNION ALL SELECT 3, printed FROM state
            UNION ALL SELECT type, events FROM days WHERE day = ?1
            """))
        {
            counts.Bind(1, day);
            while (counts.Step())
                _byType[counts.ColumnInt64(0) & ((1 << TypeBits) - 1)] += counts.ColumnInt64(1);
        }

        var events = _byType.Sum();
        if (events <= MaxRestored)
            Restore(day, events);
        (_day, _isBehind) = (day, true);
    }

    /// <summary>Puts the counts of the day in <c>state</c> away and begins another one there, with none.</summary>
    private void TurnState(int day)
    {
        using var transaction = _file.BeginImmediate();
        _file.Execute("""
            INSERT INTO days
            SELECT day, 1, viewed FROM state WHERE viewed > 0 UNION ALL
            SELECT day, 2, downloaded FROM state WHERE downloaded > 0 UNION ALL
            SELECT day, 3, printed FROM state WHERE printed > 0
            ON CONFLICT (day, type) DO UPDATE SET events = events + excluded.events
            """);
        using var begin = _file.Prepare("UPDATE state SET day = ?1, viewed = 0, downloaded = 0, printed = 0");
        begin.Bind(1, day).Run();
        transaction.Commit();
        _dayInState = day;
    }

    /// <summary>Counts the renders of a day's events, from the newest back. Events wait meanwhile, so it gives up soon: where the disk is slow, or rows
    /// are large, the day begins without its busiest renders.</summary>
    private void Restore(int day, long events)
    {
        var start = Stopwatch.GetTimestamp();
        using var rows = _file.Prepare("SELECT render, id FROM events ORDER BY sequence DESC");

        // Events of other days may stand between those of one whose clock was set; how many are passed over is bounded.
        for (var left = MaxRestored; events > 0 && left > 0 && rows.Step(); left--)
        {
            if (left % RowsBetweenLooks == 0 && Stopwatch.GetElapsedTime(start) > MostTime)
            {
                _busiest.Clear();
                return;
            }

            var render = rows.ColumnInt64(0);
            var id = rows.ColumnBytes(1);
            if (id.Length != EventId.Size || render is < 1 or > int.MaxValue || EventId.Read(id).UnixMilliseconds / MillisecondsPerDay != day)
                continue;
            _busiest.Count((int)render);
            events--;
        }
    }

    private (string Project, string Render) NameOf(int number)
    {
        if (_names.TryGetValue(number, out var known))
            return known;

        // Renders come and go at the end of the list; what is kept of them is bounded.
        if (_names.Count >= 100 * BusiestRenders.Most)
            _names.Clear();
        if (!_name.Bind(1, number).Step())
            throw new EdgeException($"{_file.FilePath}: the database is damaged (an event without its render); move it away with its -wal file and restore a backup");
        var name = (_name.ColumnText(0)!, _name.ColumnText(1)!);
        _name.Reset();
        _names.Add(number, name);
        return name;
    }
}
