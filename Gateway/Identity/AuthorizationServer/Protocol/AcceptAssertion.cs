using Cortex.Identity.AuthorizationServer.Clients;
using Cortex.Identity.Callers;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// How a client assertion is judged (<see href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, section 3</see>): by the keys that are
/// configured for the client it names, if it is configured; by public-key algorithms alone; and with <c>typ</c> <c>JWT</c> or none beside the
/// newer one, for that is what clients send. Its audience stays the issuer alone.
/// </summary>
internal sealed class AcceptAssertion(ClientDirectory clients) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public const string AssertionTokenType = "urn:openiddict:params:oauth:token-type:client_assertion";
    private const string AssertionType = "client-authentication+jwt";

    private static readonly string[] AcceptedTypes = [AssertionType, $"application/{AssertionType}", "JWT"];

    /// <summary>Once OpenIddict has laid out how the token is to be validated.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<AcceptAssertion>()
            .SetOrder(OpenIddictServerHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (!context.ValidTokenTypes.Contains(AssertionTokenType) || context.TokenValidationParameters is not { } parameters)
            return;
        parameters.ValidAlgorithms = TokenShape.Algorithms;
        parameters.TypeValidator = (type, _, _) =>
            string.IsNullOrEmpty(type) || AcceptedTypes.Contains(type, StringComparer.OrdinalIgnoreCase)
                ? AssertionType
                : throw new SecurityTokenInvalidTypeException("The assertion is a token of another kind.") { InvalidType = type };
        if (TokenShape.TryRead(context.Token, out _) is not { } unproven || clients.Find(unproven.Issuer) is not { } client)
            return;
        parameters.IssuerSigningKeyResolver = null;
        parameters.IssuerSigningKeys = await clients.FindKeysAsync(client, string.IsNullOrEmpty(unproven.Kid) ? null : unproven.Kid, context.CancellationToken);
    }
}
