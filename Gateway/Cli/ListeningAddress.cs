namespace Cortex.Cli;

/// <summary>Decides where <c>serve</c> listens.</summary>
internal static class ListeningAddress
{
    /// <summary>Without any wish: port 8080 on every interface.</summary>
    public const string Default = "http://0.0.0.0:8080";

    /// <summary>
    /// In this order: <c>--urls</c>; <c>ASPNETCORE_URLS</c>; <c>ASPNETCORE_HTTP_PORTS</c> on every interface; the public address itself when it is
    /// plain http on a loopback host (so that nothing but this machine gets in); <see cref="Default"/>.
    /// </summary>
    /// <returns>Addresses separated by <c>;</c>, as Kestrel takes them.</returns>
    /// <exception cref="ListeningException">What was given is no address.</exception>
    public static string Choose(string? urls, string? aspNetCoreUrls, string? aspNetCoreHttpPorts, string publicUrl)
    {
        var chosen = First(urls, aspNetCoreUrls, aspNetCoreHttpPorts, publicUrl);
        foreach (var address in chosen.Split(';'))
        {
            if (!IsAddress(address))
                throw new ListeningException($"'{address}'", "it is not an http or https address with a port from 1 to 65535");
        }

        return chosen;
    }

    private static bool IsAddress(string address)
    {
        try
        {
            return BindingAddress.Parse(address) is { Scheme: "http" or "https", Port: >= 0 and <= 65535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string First(string? urls, string? aspNetCoreUrls, string? aspNetCoreHttpPorts, string publicUrl)
    {
        if (!string.IsNullOrWhiteSpace(urls))
            return urls;
        if (!string.IsNullOrWhiteSpace(aspNetCoreUrls))
            return aspNetCoreUrls;
        var ports = (aspNetCoreHttpPorts ?? "").Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ports.Length > 0)
            return string.Join(';', ports.Select(port => $"http://*:{port}"));
        return Uri.TryCreate(publicUrl, UriKind.Absolute, out var url) && url is { Scheme: "http", IsLoopback: true }
            ? url.GetLeftPart(UriPartial.Authority)
            : Default;
    }
}
