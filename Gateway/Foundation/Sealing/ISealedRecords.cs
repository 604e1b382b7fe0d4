namespace Cortex.Foundation.Sealing;

/// <summary>Records that stay sealed for as long as they are needed, and so have to be sealed anew before a key can go.</summary>
internal interface ISealedRecords
{
    /// <summary>What they are, in the plural, for people.</summary>
    string What { get; }

    /// <summary>How many are sealed under which key.</summary>
    Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken);

    /// <summary>Seals anew under the active key what another key has sealed. What changes meanwhile is left to whoever changed it; what does not open is left as it is.</summary>
    Task ResealAsync(CancellationToken cancellationToken);
}
