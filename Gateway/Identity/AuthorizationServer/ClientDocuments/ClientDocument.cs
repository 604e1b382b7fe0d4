using Cortex.Identity.AuthorizationServer.Registration;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>A document that was read and is in order.</summary>
/// <param name="Metadata">What it says of the client, with defaults filled in.</param>
/// <param name="Keys">Its key set as JSON, of a client that signs its token requests; null for a public one.</param>
/// <param name="KeysAddress">Where the key set is to be fetched; null when it is here or not needed.</param>
internal sealed record ClientDocument(ClientMetadata Metadata, string? Keys, Uri? KeysAddress);

/// <summary>What became of a document.</summary>
internal abstract record DocumentResult
{
    private DocumentResult()
    {
    }

    /// <summary>It is in order.</summary>
    /// <param name="Document">The document, keys included.</param>
    /// <param name="MaxAge">How long it may be used, as far as its server says.</param>
    internal sealed record Valid(ClientDocument Document, TimeSpan? MaxAge) : DocumentResult;

    /// <summary>It is not there, or not in order.</summary>
    /// <param name="Reason">A clause for the client's developer; tells nothing of what answered inside a network.</param>
    internal sealed record Invalid(string Reason) : DocumentResult;

    /// <summary>It could not be fetched this time.</summary>
    /// <param name="Reason">A clause for the log.</param>
    internal sealed record Unreachable(string Reason) : DocumentResult;
}
