namespace Cortex.Foundation.Sealing;

/// <summary>An opened row of the table <c>keys</c>.</summary>
/// <param name="Id">Unique over all purposes.</param>
/// <param name="Purpose">What the key is for.</param>
/// <param name="Generation">1, 2, ... where the replicas must agree on one key; null where any number may stand side by side.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Material">The key itself, in the form its purpose gives it.</param>
internal sealed record StoredKey(string Id, string Purpose, int? Generation, DateTimeOffset CreatedAt, byte[] Material);
