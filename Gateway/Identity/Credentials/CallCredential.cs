using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Credentials;

/// <summary>The credential of a call for as long as the call lasts: what is sent within it asks anew, since tokens may end before calls do. Thread-safe.</summary>
/// <param name="resolver">Whom to ask.</param>
/// <param name="caller">Who calls.</param>
/// <param name="backend">Who is called.</param>
/// <param name="request">The inbound request, which the call does not outlive.</param>
/// <param name="first">What the call itself goes out with.</param>
internal sealed class CallCredential(CredentialResolver resolver, Caller caller, BackendDefinition backend, HttpContext request, CredentialResult.Granted first)
{
    /// <summary>What the call itself goes out with.</summary>
    public CredentialResult.Granted First => first;

    /// <summary>The headers for what is sent now; those of the call where there are no others.</summary>
    public async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> NowAsync(CancellationToken cancellationToken) =>
        await resolver.ResolveAsync(caller, backend, request, cancellationToken) is CredentialResult.Granted granted ? granted.Headers : first.Headers;
}
