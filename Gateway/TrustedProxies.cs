using System.Net;
using Cortex.Foundation.Configuration;
using Microsoft.AspNetCore.HttpOverrides;

namespace Cortex;

/// <summary>Lets <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> count when they come from a configured proxy, and from nobody else.</summary>
internal static class TrustedProxies
{
    internal static void UseTrustedProxies(this WebApplication app, GatewayOptions options)
    {
        if (options.TrustedProxies.Count == 0)
            return;
        var forwarded = new ForwardedHeadersOptions
        {
            // Each hop must be a trusted proxy: the first that is not is the client.
            ForwardLimit = null,
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }

        app.UseForwardedHeaders(forwarded);
    }
}
