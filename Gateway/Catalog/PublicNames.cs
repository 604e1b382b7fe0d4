using System.Text.Json;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Catalog;

/// <summary>What names and URIs a catalog can hold, and how an item is given another.</summary>
internal static class PublicNames
{
    private const int MaxNameLength = 1024;
    private const int MaxUriLength = 2048;

    /// <summary>Why an item of this name or URI can't be shown; null when it can. Names are made fit for clients by <see cref="Names.NameForm"/>.</summary>
    public static string? FaultOf(CatalogKind kind, string name) => kind switch
    {
        CatalogKind.Resource or CatalogKind.Template => name.Length <= MaxUriLength && name.IndexOf(':', StringComparison.Ordinal) > 0
            ? null
            : $"its URI must have a scheme and at most {MaxUriLength} characters",
        _ => name.Length is >= 1 and <= MaxNameLength ? null : $"its name must have 1 to {MaxNameLength} characters",
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
