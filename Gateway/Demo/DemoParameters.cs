using System.Text.Json;

namespace Cortex.Demo;

/// <summary>
/// The <c>params</c> of one call. Readers note the first fault and go on; <see cref="Fault"/> tells it once everything was read.
/// </summary>
internal sealed class DemoParameters(JsonElement parameters)
{
    private readonly HashSet<string> _known = [];
    private string? _fault;

    /// <summary>The first fault, or null: also a parameter that nobody asked for is one.</summary>
    public string? Fault()
    {
        if (_fault is not null || parameters.ValueKind is JsonValueKind.Undefined)
            return _fault;
        var stranger = parameters.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !_known.Contains(name));
        if (stranger is null)
            return null;
        return _known.Count == 0
            ? $"Parameter '{stranger}' is unknown; this method takes none."
            : $"Parameter '{stranger}' is unknown; known are: {string.Join(", ", _known)}.";
    }

    /// <summary>A string of 1 to <paramref name="maxLength"/> characters that must be there.</summary>
    public string RequiredText(string name, int maxLength)
    {
        var text = OptionalText(name, maxLength);
        if (string.IsNullOrWhiteSpace(text))
            _fault ??= $"Parameter '{name}' is required: a string of 1 to {maxLength} characters.";
        return text ?? "";
    }

    /// <summary>A string of at most <paramref name="maxLength"/> characters, or null.</summary>
    public string? OptionalText(string name, int maxLength)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind is JsonValueKind.String && value.GetString() is { } text && text.Length <= maxLength)
            return text;
        _fault ??= $"Parameter '{name}' must be a string of at most {maxLength} characters.";
        return null;
    }

    /// <summary>A whole number between the limits, or <paramref name="otherwise"/>.</summary>
    public int OptionalInteger(string name, int min, int max, int otherwise)
    {
        if (!TryFind(name, out var value))
            return otherwise;
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max)
            return number;
        _fault ??= $"Parameter '{name}' must be a whole number from {min} to {max}.";
        return otherwise;
    }

    /// <summary>At most <paramref name="maxCount"/> short strings; empty when absent.</summary>
    public IReadOnlyList<string> OptionalTexts(string name, int maxCount, int maxLength)
    {
        if (!TryFind(name, out var value))
            return [];
        if (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() <= maxCount
            && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String && item.GetString()!.Length <= maxLength))
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        _fault ??= $"Parameter '{name}' must be an array of at most {maxCount} strings of at most {maxLength} characters.";
        return [];
    }

    private bool TryFind(string name, out JsonElement value)
    {
        _known.Add(name);
        value = default;
        return parameters.ValueKind is JsonValueKind.Object
            && parameters.TryGetProperty(name, out value)
            && value.ValueKind is not JsonValueKind.Null;
    }
}
