namespace CraftKit.Edge.Configuration;

/// <summary>What the options must satisfy beyond the range of a single value.</summary>
internal static class EdgeOptionsRules
{
    private const string NotYet = "not in this version";

    /// <summary>Every rule that is broken, with the key that breaks it.</summary>
    public static IEnumerable<(string Key, string Problem)> FindFaults(EdgeOptions options)
    {
        if (FindFault(options, options.Url, out var url) is { } urlFault)
            yield return ("url", urlFault);
        if (options.AdminUrl.Length != 0)
        {
            if (FindFault(options, options.AdminUrl, out var admin) is { } adminFault)
            {
                yield return ("adminUrl", adminFault);
            }
            else if (admin is not null)
            {
                if (!admin.IsLoopback && !admin.IsHttps && !options.AdminInsecure)
                    yield return ("adminUrl", $"{admin} can be reached from other machines without TLS; take a loopback address, https, or set adminInsecure");
                // The port alone decides: an address that covers the other's (0.0.0.0, localhost) would clash, and two planes that differ in
                // nothing but the loopback address are one slip away from it. Port 0 is a different one each time.
                if (url is not null && url.Port == admin.Port && url.Port != 0)
                    yield return ("adminUrl", $"port {admin.Port} is the data plane's; take another");
            }
        }

        if (options.Transport == TransportKind.Epoll && !OperatingSystem.IsLinux())
            yield return ("transport", "epoll is there on Linux alone; take auto or sockets");
        if (options.DataDirectory.Length == 0)
            yield return ("dataDirectory", "must name a folder");
        if (!TrustedProxies.TryParse(options.TrustedProxies, out _, out var reason))
            yield return ("trustedProxies", reason!);

        var leastCapacity = (long)JournalSection.BodiesAtLeast * options.MaxBodyBytes;
        if (options.Journal.CapacityBytes < leastCapacity)
            yield return ("journal.capacityBytes", $"{options.Journal.CapacityBytes} is below {leastCapacity}, {JournalSection.BodiesAtLeast} times maxBodyBytes");
        if (options.Retention.Days != 0)
            yield return ("retention.days", $"{options.Retention.Days}: a retention other than 0 (keep everything) is {NotYet}");
        if (options.Tls.Certificate.Length != 0 && options.Tls.Key.Length == 0)
            yield return ("tls.key", "must name the key of tls.certificate");
        if (options.Tls.Key.Length != 0 && options.Tls.Certificate.Length == 0)
            yield return ("tls.certificate", "must name the certificate of tls.key");
    }

    private static string? FindFault(EdgeOptions options, string text, out ListenUrl? url)
    {
        if (!ListenUrl.TryParse(text, out url, out var fault))
            return fault;
        return url!.IsHttps && options.Tls.Certificate.Length == 0 ? $"{url}: https needs tls.certificate and tls.key" : null;
    }
}
