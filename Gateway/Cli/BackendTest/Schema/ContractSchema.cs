using System.Text.Json;

namespace Cortex.Cli.BackendTest.Schema;

/// <summary>
/// The JSON Schema of the backend contract, <c>docs/backend-contract.schema.json</c>, built into the program. Its own <c>x-mend</c> says what to write where a value does
/// not fit. Immutable.
/// </summary>
internal sealed class ContractSchema
{
    private const string Resource = "backend-contract.schema.json";
    private const string Definitions = "#/$defs/";

    private readonly JsonElement _root;

    private ContractSchema(JsonElement root) => _root = root;

    /// <summary>Reads the schema that is built in.</summary>
    public static ContractSchema Load()
    {
        using var stream = typeof(ContractSchema).Assembly.GetManifestResourceStream(Resource)!;
        return Parse(stream);
    }

    /// <summary>Reads a schema from a stream.</summary>
    public static ContractSchema Parse(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        return new ContractSchema(document.RootElement.Clone());
    }

    /// <summary>The names under <c>$defs</c>.</summary>
    public IEnumerable<string> Names => _root.GetProperty("$defs").EnumerateObject().Select(definition => definition.Name);

    /// <summary>Every place where <paramref name="value"/> does not fit; none when it does.</summary>
    /// <param name="name">A name under <c>$defs</c>, such as <c>list_tools.reply</c>.</param>
    /// <param name="value">What came.</param>
    public IReadOnlyList<SchemaFault> Check(string name, JsonElement value) => new SchemaEvaluation(this).Run(_root.GetProperty("$defs").GetProperty(name), value);

    /// <summary>The schema that a <c>$ref</c> of the form <c>#/$defs/name</c> names.</summary>
    public JsonElement Resolve(string reference) => reference.StartsWith(Definitions, StringComparison.Ordinal)
        ? _root.GetProperty("$defs").GetProperty(reference[Definitions.Length..])
        : throw new InvalidOperationException($"The contract's schema refers to '{reference}', which is not under {Definitions}.");
}
