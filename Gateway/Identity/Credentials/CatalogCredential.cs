namespace Cortex.Identity.Credentials;

/// <summary>What a backend's catalog is read with.</summary>
internal abstract record CatalogCredential
{
    private CatalogCredential()
    {
    }

    /// <summary>A credential.</summary>
    /// <param name="Credential">The headers to set.</param>
    public sealed record Granted(CredentialResult.Granted Credential) : CatalogCredential;

    /// <summary>The account that is to be read with is not linked.</summary>
    /// <param name="Reason">One sentence: whose, and what to do.</param>
    /// <param name="IsAgain">True when it was linked once, and the grant does not count any more.</param>
    public sealed record NotLinked(string Reason, bool IsAgain) : CatalogCredential;

    /// <summary>There is none.</summary>
    /// <param name="Reason">One sentence; never holds a secret.</param>
    public sealed record Refused(string Reason) : CatalogCredential;
}
