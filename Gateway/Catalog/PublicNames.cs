using System.Buffers;
using System.Text.Json;
using Cortex.Backends;

namespace Cortex.Catalog;

/// <summary>Public names of tools: <c>&lt;prefix&gt;_&lt;tool&gt;</c>, or the tool's own name under an empty prefix.</summary>
internal static class PublicNames
{
    /// <summary>Longest public name, as MCP allows.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    public static string Of(BackendDefinition backend, string tool) =>
        backend.Prefix.Length == 0 ? tool : $"{backend.Prefix}_{tool}";

    /// <summary>True when clients accept the name.</summary>
    public static bool IsValid(string publicName) =>
        publicName.Length is >= 1 and <= MaxLength && !publicName.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>The same JSON object with <paramref name="name"/> as its <c>name</c>; every other byte stays.</summary>
    public static byte[] Rename(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            reader.Read();
            if (isName)
            {
                var start = (int)reader.TokenStartIndex;
                var end = (int)reader.BytesConsumed;
                var encoded = JsonEncodedText.Encode(name).EncodedUtf8Bytes;
                return [.. json[..start], (byte)'"', .. encoded, (byte)'"', .. json[end..]];
            }

            reader.Skip();
        }

        throw new FormatException("The JSON object has no name.");
    }
}
