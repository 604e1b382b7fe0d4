using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Text;

namespace Cortex.Governance.Integrity.Quarantine;

/// <summary>A row of the table <c>integrity_quarantine</c>: a definition that was offered and is not approved.</summary>
internal sealed class QuarantineRow
{
    public const string Pending = "pending";
    public const string Rejected = "rejected";

    public string Id { get; init; } = "";

    public string BackendId { get; init; } = "";

    public string Kind { get; init; } = "";

    /// <summary>Its name, fit to be shown: the true one is in the definition.</summary>
    public string Name { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    /// <summary>Its canonical form; null when it has none.</summary>
    public string? Definition { get; init; }

    /// <summary><c>shared</c>, or <c>personal</c> for one out of a person's own list.</summary>
    public string Origin { get; init; } = "";

    /// <summary><c>new</c> or <c>changed</c>.</summary>
    public string Change { get; init; } = "";

    /// <summary><c>pending</c> or <c>rejected</c>.</summary>
    public string State { get; init; } = "";

    public string Findings { get; init; } = "[]";

    /// <summary>When it was first seen, unix milliseconds.</summary>
    public long SeenAt { get; init; }

    /// <summary>The person who rejected it.</summary>
    public string? DecidedBy { get; init; }

    public long? DecidedAt { get; init; }

    public IReadOnlyList<Finding> ReadFindings() => JsonSerializer.Deserialize(Findings, FindingJson.Default.IReadOnlyListFinding) ?? [];

    /// <summary>The definition itself; null when it has no canonical form, or the row was changed by someone else.</summary>
    public Definition? Open() =>
        Definition is not null && DefinitionKindWords.TryParse(Kind, out var kind) && Definitions.Definition.Find(kind.Value, Definition) is { } read && read.Fingerprint.Value == Fingerprint
            ? read
            : null;
}

/// <summary>Findings as they are stored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class FindingJson : JsonSerializerContext;
