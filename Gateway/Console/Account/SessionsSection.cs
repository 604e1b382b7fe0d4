using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Consent;

namespace Cortex.Console.Account;

/// <summary>Signing out everywhere, and where clients are connected here, disconnecting them in the same stroke.</summary>
internal sealed class SessionsSection(ConnectedClients? clients = null) : AccountSection
{
    /// <summary>Name of the box that ends clients as well.</summary>
    public const string ClientsField = "clients";

    public override int Order => 50;

    public override Task<AccountPart?> ShowAsync(Person person, FormToken token, CancellationToken cancellationToken) =>
        Task.FromResult<AccountPart?>(new AccountPart(typeof(SessionsPart), new Dictionary<string, object?>
        {
            [nameof(SessionsPart.Token)] = token,
            [nameof(SessionsPart.HasClients)] = clients is not null,
        }));
}
