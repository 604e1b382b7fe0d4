using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>A type of our own with <c>TryParse(string, out T)</c>, such as a scope or a backend's name.</summary>
internal sealed class ParsedFormat(Type type, MethodInfo tryParse) : ScalarFormat
{
    public override string Expected => type.Name switch
    {
        "BackendId" => "a backend name (1 to 32 of a-z 0-9 - _, starting with a letter)",
        "Scope" => "an OAuth scope, such as mcp:notes:read (1 to 200 printable characters, no space, quote or backslash)",
        var name => $"a well-formed {name}",
    };

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        object?[] arguments = [text, null];
        value = (bool)tryParse.Invoke(null, arguments)! ? arguments[1] : null;
        return value is not null;
    }

    public override string Write(object value) => YamlText.Quote(value.ToString()!);

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
