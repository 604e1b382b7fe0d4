using Microsoft.Extensions.Configuration;

namespace Cortex.Foundation.Observability;

/// <summary>The port that serves <see cref="ManagementPaths"/> and nothing else; without one they stand beside <c>/mcp</c>.</summary>
internal sealed class ManagementPort(int? number)
{
    /// <summary>True when a request for <paramref name="path"/> may be answered on the port it came to.</summary>
    public bool Admits(PathString path, int localPort) =>
        number is null || ManagementPaths.Contains(path) == (localPort == number);

    /// <summary>Opens the port on the interfaces that the gateway itself listens on.</summary>
    /// <param name="urls">The gateway's addresses. When empty, those of <paramref name="configuration"/> are put in, since an explicit address makes the server ignore the rest.</param>
    public void Open(ICollection<string> urls, IConfiguration configuration)
    {
        if (number is null)
            return;
        if (urls.Count == 0)
        {
            foreach (var url in Configured(configuration))
                urls.Add(url);
        }

        var hosts = urls.Select(BindingAddress.Parse).Where(address => !address.IsUnixPipe && !address.IsNamedPipe).Select(address => address.Host);
        foreach (var host in hosts.Distinct(StringComparer.OrdinalIgnoreCase).ToArray())
            urls.Add($"http://{host}:{number}");
    }

    /// <summary>The addresses ASP.NET would take by itself: <c>urls</c>, else <c>http_ports</c> on every interface, else its default.</summary>
    private static IEnumerable<string> Configured(IConfiguration configuration)
    {
        if (Parts(configuration["urls"]) is { Length: > 0 } urls)
            return urls;
        return Parts(configuration["http_ports"]) is { Length: > 0 } ports
            ? ports.Select(port => $"http://*:{port}")
            : ["http://localhost:5000"];
    }

    private static string[] Parts(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
