using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>Random sequences of everything that can be done to a journal, against a plain list.</summary>
public sealed class PropertyTests
{
    private enum Step
    {
        Reserve,
        Publish,
        Win,
        Void,
        Read,
        Release,
        Recover,
    }

    [Fact]
    public void The_journal_does_what_a_plain_queue_does()
    {
        var steps = Gen.Zip(
            Gen.Frequency((6, Gen.Constant(Step.Reserve)), (5, Gen.Constant(Step.Publish)), (5, Gen.Constant(Step.Win)), (1, Gen.Constant(Step.Void)),
                (3, Gen.Constant(Step.Read)), (2, Gen.Constant(Step.Release)), (1, Gen.Constant(Step.Recover))),
            Gen.Choose(1, 1000)).ListOf(200).Select(list => list.ToArray());
        Prop.ForAll(steps.ToArbitrary(), Run).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static void Run((Step Step, int Number)[] steps)
    {
        using var fixture = new JournalFixture();
        using var journal = fixture.Start();
        var model = new QueueModel(fixture, journal);
        foreach (var (step, number) in steps)
        {
            switch (step)
            {
                case Step.Reserve:
                    model.Reserve(number);
                    break;
                case Step.Publish:
                    model.Publish(number);
                    break;
                case Step.Win:
                    model.Decide(number, won: true);
                    break;
                case Step.Void:
                    model.Decide(number, won: false);
                    break;
                case Step.Read:
                    model.Read();
                    break;
                case Step.Release:
                    model.Release(number);
                    break;
                default:
                    model.Recover();
                    break;
            }
        }

        model.Read();
        model.Recover();
    }
}
