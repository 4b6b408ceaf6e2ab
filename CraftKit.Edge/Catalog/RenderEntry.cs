using System.Runtime.InteropServices;

namespace CraftKit.Edge.Catalog;

/// <summary>A render in 40 bytes. Long ids stand in a text beside the entries.</summary>
/// <remarks>
/// <code>
/// offset size  meaning
///      0   16  id, packed
///     16   16  share, packed
///     32    4  number of the project, or 0: the render is to be taken away
///     36    1  form of the id
///     37    1  form of the share, 0 without one
///     38    2  0
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal readonly struct RenderEntry(PackedId id, PackedId share, int project)
{
    private readonly ulong _idHigh = id.High, _idLow = id.Low;
    private readonly ulong _shareHigh = share.High, _shareLow = share.Low;
    private readonly int _project = project;
    private readonly byte _idForm = id.Form, _shareForm = share.Form;

    public PackedId Id => new(_idHigh, _idLow, _idForm);

    public PackedId Share => new(_shareHigh, _shareLow, _shareForm);

    public int Project => _project;
}
