namespace Cortex.Identity.Callers.Issuers;

/// <summary>A product whose tokens have ways of their own.</summary>
internal enum IssuerPreset
{
    /// <summary>Tokens as RFC 9068 describes them.</summary>
    Standard,

    /// <summary>Microsoft Entra ID, one tenant: the person is <c>oid</c>, since <c>sub</c> differs per app; scopes are in <c>scp</c>, app roles in <c>roles</c>.</summary>
    EntraId,

    /// <summary>Keycloak: realm roles are in <c>realm_access.roles</c>; a service account is a user whose name begins with <c>service-account-</c>.</summary>
    Keycloak,

    /// <summary>Auth0: scopes are in <c>scope</c>, permissions of a role in <c>permissions</c>; a machine is known by <c>gty</c>.</summary>
    Auth0,

    /// <summary>Okta: the person is <c>uid</c>, since <c>sub</c> is a login name that can change hands; scopes are in <c>scp</c>, the client in <c>cid</c>.</summary>
    Okta,
}
