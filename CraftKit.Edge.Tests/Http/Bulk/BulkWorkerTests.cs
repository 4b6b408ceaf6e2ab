using System.Globalization;
using CraftKit.Edge.Http.Bulk;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Bulk;

public sealed class BulkWorkerTests
{
    [Fact]
    public async Task Whoever_enters_is_on_the_workers_thread_and_stays_there()
    {
        using var worker = new BulkWorker();
        var threads = new List<Thread>();
        for (var i = 0; i < 100; i++)
        {
            await worker.EnterAsync();
            threads.Add(Thread.CurrentThread);
            await worker.EnterAsync();
            threads.Add(Thread.CurrentThread);
            await worker.TakeTurnAsync();
            threads.Add(Thread.CurrentThread);
            await Task.Yield();
        }

        Assert.Equal("bulk worker", Assert.Single(threads.Distinct()).Name);
    }

    [Fact]
    public async Task Those_who_take_turns_alternate()
    {
        using var worker = new BulkWorker();
        var order = new List<int>();
        var started = new TaskCompletionSource();
        async Task RunAsync(int number)
        {
            await started.Task;
            await worker.EnterAsync();
            for (var i = 0; i < 50; i++)
            {
                order.Add(number);
                await worker.TakeTurnAsync();
            }
        }

        // Both are posted from the worker's own thread, so that neither begins before both wait.
        var both = Task.WhenAll(RunAsync(0), RunAsync(1));
        await worker.EnterAsync();
        _ = Task.Run(started.SetResult, TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => started.Task.IsCompleted);
        Thread.Sleep(50);
        await worker.TakeTurnAsync();
        await both;

        // Off the worker's thread, which cannot wait for its own end.
        await Task.Yield();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 2), order.Select(number => number == order[0] ? 0 : 1));
    }

    [Fact]
    public async Task After_the_end_nobody_gets_in_and_nobody_is_left_waiting()
    {
        var worker = new BulkWorker();
        var released = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = Task.Run(
            async () =>
            {
                await worker.EnterAsync();
                entered.SetResult();
                released.Wait();
                await worker.EnterAsync();
            },
            TestContext.Current.CancellationToken);
        await entered.Task;
        var queued = Enumerable.Range(0, 10).Select(async _ => await worker.EnterAsync()).ToList();
        var disposing = Task.Run(worker.Dispose, TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(disposing.IsCompleted);
        released.Set();
        await disposing;

        await Assert.ThrowsAsync<OperationCanceledException>(() => holding);
        foreach (var one in queued)
            await Assert.ThrowsAsync<OperationCanceledException>(() => one);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await worker.EnterAsync());
        worker.Dispose();
    }

    [Fact]
    public async Task Its_thread_gives_way()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the niceness of a thread is Linux' own");
        using var worker = new BulkWorker();
        await worker.EnterAsync();
        var niceness = NicenessIn(File.ReadAllText("/proc/thread-self/stat"));
        await Task.Yield();

        Assert.True(niceness > NicenessIn(File.ReadAllText("/proc/self/stat")), $"{niceness}");
    }

    // Field 19 of the line, the 17th behind the name in parentheses.
    private static int NicenessIn(string stat) => int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
}
