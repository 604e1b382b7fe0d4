using System.Net.Http.Headers;

namespace Cortex.Identity.Credentials;

/// <summary>
/// Takes off a request what must not leave the gateway: credentials of the caller (<c>Authorization</c>, <c>Proxy-Authorization</c>, <c>Cookie</c>),
/// claims about identity that only the gateway may make (<c>X-Cortex-*</c>), and claims about the way the request came (<c>Forwarded</c>, <c>X-Forwarded-*</c>).
/// </summary>
internal static class InboundHeaders
{
    private static readonly string[] Names = ["Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "Forwarded"];
    private static readonly string[] Prefixes = ["X-Cortex-", "X-Forwarded-"];

    /// <summary>Strips an outgoing request.</summary>
    public static void Strip(HttpRequestHeaders headers)
    {
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(IsStripped).ToArray())
            headers.Remove(name);
    }

    /// <summary>Strips an inbound request before it is forwarded.</summary>
    public static void Strip(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(IsStripped).ToArray())
            headers.Remove(name);
    }

    /// <summary>True for the name of a header that must not leave the gateway. Apps behind CGI or WSGI read <c>_</c> as <c>-</c>, so that it counts as one.</summary>
    public static bool IsStripped(string name)
    {
        var read = name.Replace('_', '-');
        return Names.Contains(read, StringComparer.OrdinalIgnoreCase)
            || Array.Exists(Prefixes, prefix => read.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
    }
}
