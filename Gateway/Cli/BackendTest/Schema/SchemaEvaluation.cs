using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cortex.Cli.BackendTest.Schema;

/// <summary>
/// Holds one value against a schema, with the keywords of JSON Schema 2020-12 that the contract's own schema uses; any other is an error, so that none is passed over in
/// silence. No library known to this program reads that draft and hands out the annotations beside what failed.
/// </summary>
/// <remarks><see href="https://json-schema.org/draft/2020-12/json-schema-validation"/></remarks>
internal sealed class SchemaEvaluation(ContractSchema schemas)
{
    private const int MaxFaults = 50;
    private const int MaxShown = 60;
    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    private List<SchemaFault> _faults = [];

    public IReadOnlyList<SchemaFault> Run(JsonElement schema, JsonElement value)
    {
        Evaluate(schema, value, "", null);
        return _faults;
    }

    private void Evaluate(JsonElement schema, JsonElement value, string path, string? mend)
    {
        if (schema.ValueKind != JsonValueKind.Object || _faults.Count >= MaxFaults)
        {
            if (schema.ValueKind == JsonValueKind.False)
                Fault(path, "does not belong there", mend);
            return;
        }

        mend = MendOf(schema) ?? mend;
        foreach (var keyword in schema.EnumerateObject())
            Apply(keyword, schema, value, path, mend);
    }

    private void Apply(JsonProperty keyword, JsonElement schema, JsonElement value, string path, string? mend)
    {
        switch (keyword.Name)
        {
            case "$ref":
                Evaluate(schemas.Resolve(keyword.Value.GetString()!), value, path, mend);
                break;
            case "type" when !TypesOf(keyword.Value).Contains(TypeOf(value)):
                Fault(path, $"must be {string.Join(" or ", TypesOf(keyword.Value))} (was {TypeOf(value)})", mend);
                break;
            case "const" when !JsonElement.DeepEquals(keyword.Value, value):
                Fault(path, $"must be {keyword.Value.GetRawText()} (was {Show(value)})", mend);
                break;
            case "enum" when !keyword.Value.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)):
                Fault(path, $"may not be {Show(value)}", mend);
                break;
            case "pattern" when value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.CultureInvariant, PatternLimit):
                Fault(path, $"may not be {Show(value)}", mend);
                break;
            case "minLength" when value.ValueKind == JsonValueKind.String && value.GetString()!.Length < keyword.Value.GetInt32():
                Fault(path, "is empty", mend);
                break;
            case "required" when value.ValueKind == JsonValueKind.Object:
                foreach (var name in keyword.Value.EnumerateArray().Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
                    Fault(Member(path, name), "is missing", MendOfMember(schema, name) ?? mend);
                break;
            case "properties" when value.ValueKind == JsonValueKind.Object:
                foreach (var property in keyword.Value.EnumerateObject())
                {
                    if (value.TryGetProperty(property.Name, out var member))
                        Evaluate(property.Value, member, Member(path, property.Name), mend);
                }

                break;
            case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().Where(member => !IsNamed(schema, member.Name)))
                    Evaluate(keyword.Value, member.Value, Member(path, member.Name), mend);
                break;
            case "items" when value.ValueKind == JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                    Evaluate(keyword.Value, item, $"{path}[{index}]", mend);
                break;
            case "allOf":
                foreach (var part in keyword.Value.EnumerateArray())
                    Evaluate(part, value, path, mend);
                break;
            case "anyOf" when !keyword.Value.EnumerateArray().Any(part => Fits(part, value)):
                Fault(path, $"has none of the forms it may have (was {Show(value)})", mend);
                break;
            case "not" when Fits(keyword.Value, value):
                Fault(path, $"may not be {Show(value)}", mend);
                break;
            case "type" or "const" or "enum" or "pattern" or "minLength" or "required" or "properties" or "additionalProperties" or "items" or "anyOf" or "not":
            case "title" or "description" or "$schema" or "$id" or "$defs" or "x-mend":
                break;
            default:
                throw new InvalidOperationException($"The contract's schema uses the keyword '{keyword.Name}', which is not read here.");
        }
    }

    private bool Fits(JsonElement schema, JsonElement value)
    {
        var before = _faults;
        _faults = [];
        Evaluate(schema, value, "", null);
        var fits = _faults.Count == 0;
        _faults = before;
        return fits;
    }

    private void Fault(string path, string problem, string? mend) => _faults.Add(new SchemaFault(path, problem, mend));

    private string? MendOfMember(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object
            ? MendOf(member) ?? (member.TryGetProperty("$ref", out var reference) ? MendOf(schemas.Resolve(reference.GetString()!)) : null)
            : null;

    private static string? MendOf(JsonElement schema) => schema.TryGetProperty("x-mend", out var mend) ? mend.GetString() : null;

    private static bool IsNamed(JsonElement schema, string name) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static string Member(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static IEnumerable<string> TypesOf(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= MaxShown ? text : text[..MaxShown] + "…";
    }
}
