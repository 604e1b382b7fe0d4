using System.Buffers;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Catalog;

/// <summary>
/// Public names: <c>&lt;prefix&gt;_&lt;name&gt;</c> for tools and prompts, or the own name under an empty prefix; resources keep their URIs, unless
/// another backend was first to have one.
/// </summary>
internal static class PublicNames
{
    /// <summary>Longest public name, as MCP allows.</summary>
    public const int MaxLength = 128;

    private const int MaxUriLength = 2048;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    public static string Of(BackendDefinition backend, CatalogKind kind, string name) =>
        kind is CatalogKind.Resource or CatalogKind.Template || backend.Prefix.Length == 0 ? name : $"{backend.Prefix}_{name}";

    /// <summary>The name of a tool or prompt whose own is a builtin's.</summary>
    public static string WithId(BackendDefinition backend, string name) => $"{backend.Id}_{name}";

    /// <summary>Why clients would not accept the name; null when they do.</summary>
    public static string? FaultOf(CatalogKind kind, string publicName) => kind switch
    {
        CatalogKind.Resource or CatalogKind.Template => publicName.Length <= MaxUriLength && publicName.IndexOf(':', StringComparison.Ordinal) > 0
            ? null
            : $"its URI must have a scheme and at most {MaxUriLength} characters",
        _ => publicName.Length is >= 1 and <= MaxLength && !publicName.AsSpan().ContainsAnyExcept(Allowed)
            ? null
            : $"its public name must have 1 to {MaxLength} of A-Z, a-z, 0-9, '_', '-', '.'",
    };

    /// <summary>The same JSON object with <paramref name="name"/> as its name or URI; every other byte stays.</summary>
    public static byte[] Rename(ReadOnlySpan<byte> json, CatalogKind kind, string name)
    {
        var member = kind switch
        {
            CatalogKind.Resource => "uri",
            CatalogKind.Template => "uriTemplate",
            _ => "name",
        };
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals(member);
            reader.Read();
            if (isName)
            {
                var start = (int)reader.TokenStartIndex;
                var end = (int)reader.BytesConsumed;
                return [.. json[..start], .. JsonText.Quote(name), .. json[end..]];
            }

            reader.Skip();
        }

        throw new FormatException($"The JSON object has no {member}.");
    }
}
