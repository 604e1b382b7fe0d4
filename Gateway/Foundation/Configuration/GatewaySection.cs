using System.Net;
using Cortex.Foundation.Model;

namespace Cortex.Foundation.Configuration;

/// <summary>The root key <c>gateway:</c>.</summary>
internal static class GatewaySection
{
    private const int LargestNameBudget = 32;
    private const int SmallestBody = 1024;
    private const int LargestBody = 256 * 1024 * 1024;
    private const int MostKept = 10_000;

    private static readonly TimeSpan ShortestSession = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSession = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);

    internal static ConfigurationSection Section { get; } = new ConfigurationSection<GatewayOptions>("gateway", Validate);

    private static void Validate(GatewayOptions options, SectionValidation validation)
    {
        CheckPublicUrl(options.PublicUrl, validation);
        if (string.IsNullOrWhiteSpace(options.Name))
            validation.Error("gateway.name", "the name is empty", "Write the name that people see, such as Cortex");
        for (var i = 0; i < options.AllowedOrigins.Count; i++)
            CheckOrigin($"gateway.allowedOrigins[{i}]", options.AllowedOrigins[i], validation);
        for (var i = 0; i < options.AllowedHosts.Count; i++)
            CheckHost($"gateway.allowedHosts[{i}]", options.AllowedHosts[i], validation);
        for (var i = 0; i < options.TrustedProxies.Count; i++)
            CheckNetwork($"gateway.trustedProxies[{i}]", options.TrustedProxies[i], validation);
        for (var i = 0; i < options.IncludeReferences.Count; i++)
        {
            if (options.IncludeReferences[i].Split(':', 2) is not ["env" or "file", { Length: > 0 }])
                validation.Error($"gateway.includeReferences[{i}]", "the pattern is no reference", "Write env: and a name, or file: and a path, such as env:TEAM_*");
        }

        for (var i = 0; i < options.Builtins.Count; i++)
        {
            if (!BuiltinNames.All.Contains(options.Builtins[i]))
                validation.Error($"gateway.builtins[{i}]", $"there is no builtin '{options.Builtins[i]}'", $"Use some of {string.Join(", ", BuiltinNames.All)}, or [] for none");
        }

        if (options.MaxBodyBytes is < SmallestBody or > LargestBody)
            validation.Error("gateway.maxBodyBytes", "the size is out of range", $"Write {SmallestBody} to {LargestBody} (bytes)");
        if (options.NameBudget is < 0 or > LargestNameBudget)
            validation.Error("gateway.nameBudget", "the number is out of range", $"Write 0 to {LargestNameBudget} (characters)");
        if (options.Sessions.IdleTimeout < ShortestSession || options.Sessions.IdleTimeout > LongestSession)
            validation.Error("gateway.sessions.idleTimeout", "the time is out of range", "Write 1s to 30d");
        CheckStreams(options.Streams, validation);
        if (options.Drain.Delay < TimeSpan.Zero || options.Drain.Delay > LongestDelay)
            validation.Error("gateway.drain.delay", "the time is out of range", "Write 0s to 10m");
        if (options.Drain.Deadline < ShortestDeadline || options.Drain.Deadline > LongestDeadline)
            validation.Error("gateway.drain.deadline", "the time is out of range", "Write 1s to 1h");
        if (options.Management.Port is < 1 or > 65535)
            validation.Error("gateway.management.port", "there is no such port", "Write 1 to 65535, or remove the key");
    }

    private static void CheckStreams(StreamOptions streams, SectionValidation validation)
    {
        Check("keepAlive", streams.KeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "1s to 10m");
        Check("writeTimeout", streams.WriteTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "1s to 10m");
        Check("resumeWindow", streams.ResumeWindow, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), "1s to 24h");
        Check("retryAfter", streams.RetryAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "100ms to 1m");
        if (streams.KeptPerOwner is < 0 or > MostKept)
            validation.Error("gateway.streams.keptPerOwner", "the number is out of range", $"Write 0 to {MostKept}");

        void Check(string key, TimeSpan value, TimeSpan least, TimeSpan most, string range)
        {
            if (value < least || value > most)
                validation.Error($"gateway.streams.{key}", "the time is out of range", $"Write {range}");
        }
    }

    private static void CheckPublicUrl(string text, SectionValidation validation)
    {
        const string path = "gateway.publicUrl";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            validation.Error(path, "the address is not an absolute http or https one", "Write scheme and host, such as https://mcp.example.com");
            return;
        }

        var origin = url.GetLeftPart(UriPartial.Authority);
        if (url.UserInfo.Length > 0)
            validation.Error(path, "the address holds a user name or password", "Write scheme, host and port alone");
        else if (url.PathAndQuery != "/" || text.AsSpan().ContainsAny('?', '#'))
            validation.Error(path, "the address has a path, query or fragment", $"Write {origin}: the gateway is served at the root of its origin");
        else if (text.TrimEnd('/') != origin)
            validation.Error(path, "the address is not in its plain form, and clients compare it letter by letter", $"Write {origin}");
        else if (url.Scheme == "http" && !url.IsLoopback)
            validation.Error(path, "plain http is for loopback hosts alone, since tokens travel here", $"Write https://{url.Authority}, and let a proxy or ingress end TLS");
    }

    private static void CheckOrigin(string path, string text, SectionValidation validation)
    {
        if (text.StartsWith("*.", StringComparison.Ordinal))
        {
            if (Uri.CheckHostName(text[2..]) != UriHostNameType.Dns)
                validation.Error(path, "the pattern names no domain", "Write '*.' and a domain, such as *.example.com");
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.GetLeftPart(UriPartial.Authority) != text)
        {
            validation.Error(path, "the value is not an origin", "Write scheme and host without a path, such as https://claude.ai, or *.example.com for every subdomain");
        }
    }

    private static void CheckHost(string path, string text, SectionValidation validation)
    {
        const string mend = "Write a host name without scheme, port or path, such as gateway.internal, or *.example.com for every subdomain";
        if (text.StartsWith("*.", StringComparison.Ordinal))
        {
            if (Uri.CheckHostName(text[2..]) != UriHostNameType.Dns)
                validation.Error(path, "the pattern names no domain", mend);
        }
        else if (Uri.CheckHostName(text) == UriHostNameType.Unknown)
        {
            validation.Error(path, "the value is not a host name", mend);
        }
        else if (!System.Text.Ascii.IsValid(text))
        {
            validation.Error(path, "the host name is not in the form that browsers send", $"Write {new UriBuilder("http", text).Uri.IdnHost}");
        }
    }

    private static void CheckNetwork(string path, string text, SectionValidation validation)
    {
        if (IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _))
            return;
        var address = text.Split('/')[0];
        var mend = IPAddress.TryParse(address, out _) && text.Contains('/', StringComparison.Ordinal)
            ? "Write the network's first address and a fitting length, such as 10.0.0.0/8"
            : "Write an address (10.0.0.1) or a network (10.0.0.0/8), no host name";
        validation.Error(path, "the value is neither an address nor a network", mend);
    }
}
