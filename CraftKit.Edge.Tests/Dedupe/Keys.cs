using System.Text;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Tests.Dedupe;

/// <summary>Keys of made-up events.</summary>
internal static class Keys
{
    public static DedupeKey Number(long number) => DedupeWindow.KeyOf(
        EventType.Viewed, "p"u8, "s"u8, "r"u8, new ClientAddress(1, (ulong)number));

    public static DedupeKey Of(string project, string share, string render, EventType type = EventType.Viewed, uint address = 0x0A000001) =>
        DedupeWindow.KeyOf(
            type, Encoding.ASCII.GetBytes(project), Encoding.ASCII.GetBytes(share), Encoding.ASCII.GetBytes(render), ClientAddress.FromIPv4(address));
}
