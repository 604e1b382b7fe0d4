using System.Security.Claims;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>Finds in an OpenIddict transaction what an earlier step left there.</summary>
internal static class TransactionReading
{
    /// <summary>The validated code or refresh token of a token request; null when there is none.</summary>
    public static ClaimsPrincipal? FindPresented(this OpenIddictServerTransaction transaction)
    {
        var authentication = transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!);
        return authentication?.AuthorizationCodePrincipal ?? authentication?.RefreshTokenPrincipal;
    }
}
