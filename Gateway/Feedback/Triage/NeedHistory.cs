using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cortex.Feedback.Triage;

/// <summary>Writes what operators changed, in the transaction of the change.</summary>
internal static class NeedHistory
{
    public static Task AddAsync(
        DbTransaction transaction, TimeProvider time, string author, NeedId need, string change, NeedFacts? before, NeedFacts? after, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO need_history (id, need_id, author, change, before_json, after_json, created_at)
            VALUES (@Id, @Need, @author, @change, @Before, @After, @Now)
            """;
        var now = time.GetUtcNow();
        return transaction.RunAsync(
            sql,
            new { Id = Guid.CreateVersion7(now).ToString("N"), Need = need.Value, author, change, Before = Json(before), After = Json(after), Now = now.ToUnixTimeMilliseconds() },
            cancellationToken);
    }

    private static string? Json(NeedFacts? facts) => facts is null ? null : JsonSerializer.Serialize(facts, NeedFactsJson.Default.NeedFacts);
}

/// <summary>What a change was about; what is null was not part of it.</summary>
/// <param name="Note">Id of a note.</param>
/// <param name="Text">Text of a note: for operators, and for no log.</param>
/// <param name="Url">Address of a link.</param>
/// <param name="Need">The other need of a merge or a split.</param>
/// <param name="Tickets">The tickets that moved.</param>
/// <param name="Wishes">Digests of the wordings that moved.</param>
internal sealed record NeedFacts(
    string? State = null,
    string? Resolution = null,
    string? Backend = null,
    string? Note = null,
    string? Text = null,
    string? Url = null,
    string? Need = null,
    IReadOnlyList<string>? Tickets = null,
    IReadOnlyList<string>? Wishes = null)
{
    public static NeedFacts Of(NeedView need) => new(need.State, need.Resolution, need.BackendId);

    public static NeedFacts? Read(string? json) => json is null ? null : JsonSerializer.Deserialize(json, NeedFactsJson.Default.NeedFacts);
}

/// <summary>How facts are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NeedFacts))]
internal sealed partial class NeedFactsJson : JsonSerializerContext;
