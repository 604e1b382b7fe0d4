using Cortex.Foundation.Model;

namespace Cortex.Identity.Linking;

/// <summary>Where persons link accounts, below the gateway's origin.</summary>
internal static class LinkPaths
{
    public const string Start = "/link/{backend}/start";
    public const string Callback = "/link/{backend}/callback";

    /// <summary>The gateway as a client of third parties, for providers that read it instead of registering it.</summary>
    public const string ClientDocument = "/oauth/client-metadata.json";

    /// <summary>The page on which a person begins.</summary>
    public static string StartOf(BackendId backend) => $"/link/{backend}/start";

    /// <summary>Where the provider sends the browser back.</summary>
    public static string CallbackOf(BackendId backend) => $"/link/{backend}/callback";
}
