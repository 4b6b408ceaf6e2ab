using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CraftKit.Edge.Dedupe;
using Xunit;

namespace CraftKit.Edge.Tests.Dedupe;

/// <summary>A table that was replaced is freed soon, and never under somebody who looks into it.</summary>
public sealed class ReclamationTests
{
    private const int Large = 1 << 15;

    private readonly Reclamation _reclamation = new();

    [Fact]
    public void A_table_is_freed_when_all_who_could_be_in_it_have_left_and_not_before()
    {
        var table = new SlotTable(Large);
        using var inside = new Visitor(_reclamation);
        using var earlier = new Visitor(_reclamation);
        inside.Enter();
        earlier.Enter();
        earlier.Leave();
        _reclamation.Retire(table, inUse: 0);
        Collect();
        Assert.Equal(0, _reclamation.Freed);
        Assert.Equal(table.Bytes, _reclamation.GarbageBytes);
        inside.Leave();
        Collect();
        Assert.Equal(1, _reclamation.Freed);
        Assert.Equal(0, _reclamation.GarbageBytes);
    }

    [Fact]
    public void Who_left_and_came_again_holds_nothing_up()
    {
        var table = new SlotTable(Large);
        using var visitor = new Visitor(_reclamation);
        visitor.Enter();
        _reclamation.Retire(table, inUse: 0);
        visitor.Leave();
        visitor.Enter();
        Collect();
        Assert.Equal(1, _reclamation.Freed);
        visitor.Leave();
    }

    [Fact]
    public void Who_never_said_that_he_left_is_out_once_he_enters_again()
    {
        var table = new SlotTable(Large);
        using var visitor = new Visitor(_reclamation);
        visitor.Enter();
        _reclamation.Retire(table, inUse: 0);
        visitor.Enter();
        Collect();
        Assert.Equal(1, _reclamation.Freed);
        var second = new SlotTable(Large);
        _reclamation.Retire(second, inUse: 0);
        Collect();
        Assert.Equal(1, _reclamation.Freed);
        visitor.Leave();
        Collect();
        Assert.Equal(2, _reclamation.Freed);
    }

    [Fact]
    public void Who_leaves_by_an_exception_is_not_waited_for()
    {
        var table = new SlotTable(Large);
        var thrower = new Thread(() =>
        {
            _reclamation.Enter();
            _reclamation.LeaveByException();
        });
        thrower.Start();
        thrower.Join();
        _reclamation.Retire(table, inUse: 0);
        Collect();
        Assert.Equal(1, _reclamation.Freed);
    }

    [Fact]
    public void Garbage_is_collected_at_once_when_it_weighs_a_thirty_second_of_what_is_in_use()
    {
        var first = new SlotTable(Large);
        _reclamation.Retire(first, inUse: first.Bytes * 32 + 32);
        Assert.Equal(first.Bytes, _reclamation.GarbageBytes);
        var second = new SlotTable(Large);
        _reclamation.Retire(second, inUse: first.Bytes * 32 + 32);
        _reclamation.Retire(new SlotTable(Large), inUse: 0);
        Assert.Equal(2, _reclamation.Freed);
    }

    [Fact]
    public async Task No_thread_ever_sees_a_table_freed_that_it_took_from_its_place()
    {
        const byte Threads = 3;
        const int Tables = 3_000;
        var place = Filled(1).Word;
        var stop = false;
        var visitors = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var visits = 0L;
                while (!Volatile.Read(ref stop))
                {
                    ref var stay = ref _reclamation.Enter();
                    var table = SlotTable.Of(Volatile.Read(ref place));
                    var mark = table[0].Time;
                    for (var round = 0; round < 2; round++)
                    {
                        // Memory that was freed has another table's marks soon, or the allocator's own.
                        for (var slot = 0; slot < table.Capacity; slot++)
                            Assert.Equal(mark, table[slot].Time);
                    }

                    Reclamation.Leave(ref stay);
                    visits++;
                }
                return visits;
            },
            TaskCreationOptions.LongRunning)).ToArray();
        for (var n = 2; n <= Tables; n++)
            _reclamation.Retire(SlotTable.Of(Interlocked.Exchange(ref place, Filled(n).Word)), inUse: 0);
        Volatile.Write(ref stop, true);
        Assert.All(await Task.WhenAll(visitors), visits => Assert.True(visits > 0));
        Collect();
        Assert.Equal(0, _reclamation.GarbageBytes);
        Assert.Equal(Tables - 1, _reclamation.Freed);
    }

    private static SlotTable Filled(long mark)
    {
        var table = new SlotTable(4096);
        for (var slot = 0; slot < table.Capacity; slot++)
            table[slot].Time = mark;
        return table;
    }

    /// <summary>What the sweeper does: the first call finds that something was retired since the last one, the second that all is quiet.</summary>
    private void Collect()
    {
        _reclamation.Rest(long.MaxValue / 8);
        _reclamation.Rest(long.MaxValue / 8);
    }

    /// <summary>A thread that enters and leaves when told.</summary>
    private sealed class Visitor : IDisposable
    {
        private readonly BlockingCollection<bool> _entries = [];
        private readonly SemaphoreSlim _done = new(0);
        private readonly Thread _thread;

        public Visitor(Reclamation reclamation)
        {
            _thread = new Thread(() =>
            {
                ref var stay = ref Unsafe.NullRef<long>();
                foreach (var isEntry in _entries.GetConsumingEnumerable())
                {
                    if (isEntry)
                        stay = ref reclamation.Enter();
                    else
                        Reclamation.Leave(ref stay);
                    _done.Release();
                }
            });
            _thread.Start();
        }

        public void Enter() => Do(true);

        public void Leave() => Do(false);

        public void Dispose()
        {
            _entries.CompleteAdding();
            _thread.Join();
            _entries.Dispose();
            _done.Dispose();
        }

        private void Do(bool isEntry)
        {
            _entries.Add(isEntry);
            _done.Wait();
        }
    }
}
