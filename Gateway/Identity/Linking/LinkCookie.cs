using System.Buffers.Text;
using System.Security.Cryptography;
using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Linking;

/// <summary>Tells the browser that set out to link from every other: a random value, which the <c>state</c> is sealed with.</summary>
internal sealed class LinkCookie(GatewayAddresses addresses)
{
    private const int Length = 43;

    private readonly bool _isSecure = addresses.Origin.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>On plain http browsers refuse <c>__Host-</c> cookies.</summary>
    private string Name => _isSecure ? "__Host-cortex-link" : "cortex-link";

    /// <summary>The browser's value; null when it has none.</summary>
    public string? Find(HttpContext context) => context.Request.Cookies[Name] is { Length: Length } value && Base64Url.IsValid(value) ? value : null;

    /// <summary>The browser's value, set anew for as long as a state lives: people link at several servers side by side.</summary>
    public string Set(HttpContext context)
    {
        var value = Find(context) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        context.Response.Cookies.Append(Name, value, new CookieOptions
        {
            HttpOnly = true,
            Secure = _isSecure,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = LinkStates.Lifetime,
        });
        return value;
    }
}
