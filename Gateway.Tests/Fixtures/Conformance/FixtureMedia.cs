using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>The bytes that tools, prompts and resources share.</summary>
internal static class FixtureMedia
{
    /// <summary>A PNG of one red pixel, in base64.</summary>
    public static byte[] Image { get; } =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="u8.ToArray();

    /// <summary>A WAV file of one sample, in base64.</summary>
    public static byte[] Audio { get; } = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="u8.ToArray();

    public static ImageContentBlock ImageBlock => new() { Data = Image, MimeType = "image/png" };

    public static EmbeddedResourceBlock Embedded(string uri, string text, string mimeType = "text/plain") => new()
    {
        Resource = new TextResourceContents { Uri = uri, MimeType = mimeType, Text = text },
    };

    public static TextContentBlock Text(string text) => new() { Text = text };

    public static CallToolResult Result(string text) => new() { Content = [Text(text)] };
}
