namespace CraftKit.Edge.Tests.Catalog;

/// <summary>Hands its content out byte by byte, as a slow pipe does.</summary>
internal sealed class DrippingStream(byte[] content) : MemoryStream(content)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
}
