using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// Who may use the operator API, as configured now: persons of <c>identity.admins</c>, and machine clients whose configured scopes say so. An e-mail
/// address counts for those alone who proved it to the gateway itself, so that no trusted issuer or sign-in provider can name itself an administrator. Thread-safe.
/// </summary>
internal sealed class OperatorPolicy(IOptionsMonitor<IdentityOptions> options, GatewayAddresses addresses)
{
    /// <summary>True when the person is an administrator.</summary>
    /// <param name="person">Who.</param>
    /// <param name="tokenIssuer">Whose token speaks for them.</param>
    public bool Include(Person person, string tokenIssuer) => options.CurrentValue.Admins.Any(admin =>
        admin == person.Id.Value
        || admin == $"{person.Issuer} {person.Subject}"
        || (person is { Email: { } email, EmailVerified: true } && person.Issuer == addresses.Issuer && tokenIssuer == addresses.Issuer && string.Equals(admin, email, StringComparison.OrdinalIgnoreCase)));

    /// <summary>True when the caller holds the scope, and may hold it.</summary>
    public bool Allow(Caller caller, Scope needed) => AdminScopes.Cover(caller.TokenScopes, needed) && MayHold(caller, needed);

    /// <summary>True for whoever could be given the scope.</summary>
    public bool MayHold(Caller caller, Scope needed) => caller.Person is { } person
        ? Include(person, caller.Issuer)
        : caller.Issuer == addresses.Issuer && options.CurrentValue.AuthorizationServer.Clients.Any(client =>
            client.Id == caller.ClientId && client.Grants.Contains(ClientGrants.ClientCredentials) && AdminScopes.Cover(client.Scopes, needed));
}
