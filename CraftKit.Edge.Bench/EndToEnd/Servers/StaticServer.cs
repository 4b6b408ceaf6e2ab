using System.Diagnostics;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>The endpoint that does nothing (<c>Baselines/Static</c>).</summary>
/// <param name="program">The published program.</param>
/// <param name="certificate">Makes it speak https; null for http.</param>
internal sealed class StaticServer(string program, TlsFiles? certificate = null) : Server("static endpoint", certificate)
{
    protected override Process StartProcess()
    {
        string[] tls = Certificate is null ? []
            : ["--Kestrel:Certificates:Default:Path", Certificate.CertificatePath, "--Kestrel:Certificates:Default:KeyPath", Certificate.KeyPath];
        return StartProcess(program, ["--urls", $"{Url}", .. tls]);
    }
}
