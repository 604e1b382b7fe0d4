namespace Cortex.Identity.Credentials;

/// <summary>Whose credential goes out to a backend.</summary>
internal enum CredentialOrigin
{
    /// <summary>None.</summary>
    None,

    /// <summary>A token minted for this caller and this backend.</summary>
    Minted,

    /// <summary>The person's own, from their linked account.</summary>
    Person,

    /// <summary>A token that was given in exchange for who calls.</summary>
    Exchanged,

    /// <summary>A configured secret: the backend can't tell callers apart.</summary>
    Shared,

    /// <summary>The caller's own token, as it came.</summary>
    Forwarded,
}
