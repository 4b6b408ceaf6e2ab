using System.Formats.Tar;
using System.IO.Compression;
using CraftKit.Edge.Tests.Docs;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A data folder that an earlier version of the program left when it was killed.</summary>
/// <remarks>Version 1 has the projects <c>portal</c> and <c>gone</c> (deleted), the renders <c>r-1</c> (share <c>s-1</c>) and
/// <c>0197b3c4-5d6e-7f80-9a1b-2c3d4e5f6071</c> of the one, <c>g-1</c> of the other and <c>d-1</c> (deleted), three events of <c>r-1</c> in
/// <c>events.db</c>, and two of the other render in the journal alone. The journal has 1 MiB.</remarks>
internal static class OldFolder
{
    public const string LiveKey = "ck_live_2rOVqgpcJOGWXxe2jiwuksyShpeLKTwo";
    public const string RevokedKey = "ck_live_TNbb2Pkp2fhmSmqOTe1BUYKXL4k2XVKQ";
    public const string DeletedProjectsKey = "ck_live_6Iaumww4pwcQY0sogZwgYfghwC9DPmqc";
    public const string UnstoredRender = "0197b3c4-5d6e-7f80-9a1b-2c3d4e5f6071";

    /// <summary>Unpacks the folder of a version.</summary>
    public static async Task UnpackAsync(int version, string path)
    {
        Directory.CreateDirectory(path);
        await using var packed = File.OpenRead(Repository.PathOf($"CraftKit.Edge.Tests/Versions/version-{version}.tar.gz"));
        await using var tar = new GZipStream(packed, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(tar, path, overwriteFiles: false);
    }
}
