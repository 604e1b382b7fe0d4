using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Builtins;

/// <summary>Where in the arguments of <c>call_tool</c> the inner call stands.</summary>
/// <param name="Name">The raw name, with its quotes.</param>
/// <param name="Arguments">The raw arguments, an object; empty when there are none.</param>
internal readonly record struct CallToolArguments(ByteRange Name, ByteRange Arguments)
{
    /// <summary>Reads the raw object <paramref name="json"/>, in which nothing may stand twice, nor anything else: what is ignored there would be missed by the tool.</summary>
    /// <returns>What is wrong with it, one sentence; null when nothing is.</returns>
    public static string? TryRead(ReadOnlySpan<byte> json, out CallToolArguments found)
    {
        found = default;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            if (!isName && !reader.ValueTextEquals("arguments"u8))
                return "it takes 'name' and 'arguments' alone; put what the tool takes into 'arguments'.";
            reader.Read();
            if (!(isName ? found.Name : found.Arguments).IsEmpty)
                return $"'{(isName ? "name" : "arguments")}' stands there twice.";
            if (reader.TokenType != (isName ? JsonTokenType.String : JsonTokenType.StartObject))
                return isName ? "'name' must be the name of a tool." : "'arguments' must be an object, not text or anything else.";
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var range = new ByteRange(start, (int)reader.BytesConsumed - start);
            found = isName ? found with { Name = range } : found with { Arguments = range };
        }

        if (found.Name.IsEmpty)
            return "the argument 'name' is missing.";
        return JsonText.TryGetString(found.Name.Of(json), out var name) && name.Length > 0 && name != BuiltinNames.CallTool
            ? null
            : $"'name' must be the name of a tool other than {BuiltinNames.CallTool}.";
    }
}
