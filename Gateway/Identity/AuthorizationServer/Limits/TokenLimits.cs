using System.Net.Http.Headers;
using System.Text;
using Cortex.Governance.Limits;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.Limits;

/// <summary>
/// <c>limits.tokenRequests</c>: by address, before the form is read, and by the client that it names. The client is not yet authenticated: its own
/// limit is a cap on what a client that runs wild costs, while that of addresses holds off those who try names.
/// </summary>
internal sealed class TokenLimits(RateLimiter limiter, IOptionsMonitor<LimitsOptions> options)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The limit that the request is over; null when there is none.</summary>
    public async ValueTask<LimitDecision.Refused?> FindRefusalAsync(HttpContext context)
    {
        var limits = options.CurrentValue.TokenRequests;
        var ofAddress = LimitRule.Per("tokenRequests.address", limits.AddressPerMinute, Minute);
        if (await limiter.TakeAsync(ofAddress, ClientAddress.Of(context).Address, context.RequestAborted) is LimitDecision.Refused refused)
            return refused;
        var ofClient = LimitRule.Per("tokenRequests.client", limits.ClientPerMinute, Minute);
        return ofClient.IsOff || await FindClientAsync(context.Request) is not { } client
            ? null
            : await limiter.TakeAsync(ofClient, client, context.RequestAborted) as LimitDecision.Refused;
    }

    /// <summary>The client's id, from the header or the form; null when there is none to be had, which others will refuse.</summary>
    private static async ValueTask<string?> FindClientAsync(HttpRequest request)
    {
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            && header is { Scheme: "Basic", Parameter: { Length: > 0 and < 8192 } parameter })
        {
            var decoded = new byte[parameter.Length];
            return Convert.TryFromBase64String(parameter, decoded, out var length)
                ? Uri.UnescapeDataString(Encoding.UTF8.GetString(decoded, 0, length).Split(':')[0])
                : null;
        }

        if (!request.HasFormContentType)
            return null;
        try
        {
            // Read once: OpenIddict gets the same form.
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form["client_id"].ToString() is { Length: > 0 } client ? client : null;
        }
        catch (InvalidDataException)
        {
            // OpenIddict answers for a form that can't be read.
            return null;
        }
    }
}
