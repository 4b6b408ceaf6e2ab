using System.Diagnostics;
using System.Globalization;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary><c>nginx</c> that returns the answer from its configuration: the mark of what one thread in C can do, and of what the client reaches
/// at most.</summary>
/// <param name="folder">For its configuration.</param>
internal sealed class NginxServer(string folder) : Server("nginx return 200")
{
    /// <summary>Whether nginx is on this machine.</summary>
    public static bool IsInstalled => Programs.Find("nginx") is not null;

    // The master only watches.
    protected override IEnumerable<int> ProcessIds => [ProcessId, .. Children()];

    protected override Process StartProcess()
    {
        Directory.CreateDirectory(folder);
        var configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off;
            worker_processes 1;
            pid {{folder}}/nginx.pid;
            error_log stderr;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen 127.0.0.1:{{Url.Port}};
                default_type application/json;
                location /v1/renders/ { return 200 '{"recorded":false}'; }
              }
            }
            """);
        return StartProcess(Programs.Find("nginx")!, ["-p", folder, "-e", "stderr", "-c", configuration]);
    }

    private IEnumerable<int> Children() =>
        File.ReadAllText($"/proc/{ProcessId}/task/{ProcessId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
}
