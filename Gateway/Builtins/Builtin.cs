using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cortex.Builtins;

/// <summary>
/// A builtin whose input and output schemas are those of two records. Arguments that don't fit are told by name; what a record does not know is ignored.
/// </summary>
/// <typeparam name="TArguments">What it takes.</typeparam>
/// <typeparam name="TResult">What it answers.</typeparam>
internal abstract class Builtin<TArguments, TResult> : IBuiltin
    where TArguments : class
    where TResult : class
{
    private readonly string[] _required;

    /// <param name="name">The tool's name.</param>
    /// <param name="title">Its name for people.</param>
    /// <param name="description">What an agent has to know to choose and use it.</param>
    /// <param name="isReadOnly">True when a call changes nothing.</param>
    protected Builtin(string name, string title, string description, bool isReadOnly)
    {
        Name = name;
        var input = BuiltinJson.SchemaOf<TArguments>();
        input["type"] = "object";
        _required = [.. (input["required"] as JsonArray ?? []).Select(member => member!.GetValue<string>())];
        Definition = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["name"] = name,
            ["title"] = title,
            ["description"] = description,
            ["inputSchema"] = input,
            ["outputSchema"] = BuiltinJson.SchemaOf<TResult>(),
            ["annotations"] = new JsonObject { ["readOnlyHint"] = isReadOnly, ["destructiveHint"] = false, ["openWorldHint"] = false },
        });
    }

    public string Name { get; }

    public byte[] Definition { get; }

    public ValueTask<BuiltinResult> CallAsync(BuiltinCall call, CancellationToken cancellationToken) => Read(call.Arguments, out var problem) is { } arguments
        ? CallAsync(call, arguments, cancellationToken)
        : ValueTask.FromResult<BuiltinResult>(new BuiltinResult.Failed($"'{Name}' was not called: {problem} Its inputSchema says what it takes."));

    /// <summary>Answers a call with arguments that fit.</summary>
    protected abstract ValueTask<BuiltinResult> CallAsync(BuiltinCall call, TArguments arguments, CancellationToken cancellationToken);

    /// <summary>The answer with a value.</summary>
    protected static BuiltinResult.Value Answer(TResult value) => new(JsonSerializer.SerializeToUtf8Bytes(value, BuiltinJson.Options));

    private TArguments? Read(ReadOnlyMemory<byte> json, out string problem)
    {
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(json.IsEmpty ? "{}"u8.ToArray() : json);
            if (_required.FirstOrDefault(name => !document.RootElement.TryGetProperty(name, out _)) is { } missing)
                problem = $"the argument '{missing}' is missing.";
            else
                return document.RootElement.Deserialize<TArguments>(BuiltinJson.Options);
        }
        catch (JsonException exception)
        {
            problem = $"the argument '{exception.Path?.TrimStart('$', '.')}' does not fit.";
        }

        return null;
    }
}
