using System.Security.Cryptography;

namespace Cortex.Foundation.Pages;

/// <summary>The one style sheet, embedded in the assembly. Its address changes with its content, so that browsers may keep it.</summary>
internal static class PageStyles
{
    public const string Path = "/assets/pages.css";

    private static readonly byte[] Content = Load();

    /// <summary>What pages link to.</summary>
    public static string Address { get; } = $"{Path}?v={Convert.ToHexStringLower(SHA256.HashData(Content))[..12]}";

    public static IResult Serve(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(Content, "text/css; charset=utf-8");
    }

    private static byte[] Load()
    {
        using var resource = typeof(PageStyles).Assembly.GetManifestResourceStream(typeof(PageStyles), "Pages.css")!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
