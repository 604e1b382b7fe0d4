using System.Text.Json.Nodes;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>
/// What the gateway adds to ASP.NET's handler:
/// 1. the redirect URI is that of the public address, whatever host the request came to;
/// 2. an <c>iss</c> in the answer must be the provider's, and must be there where the provider says it sends one
/// (<see href="https://www.rfc-editor.org/rfc/rfc9207#section-2.4">RFC 9207</see>);
/// 3. claims of ID token and user info become the person, known by issuer and subject, who is signed in without a cookie between;
/// 4. whatever goes wrong ends in a page and an audit record.
/// </summary>
internal sealed class ProviderEvents(
    GatewayAddresses addresses, SignInProviders providers, PersonStore persons, PersonSession session, ProviderNotices notices)
    : OpenIdConnectEvents
{
    /// <summary>Item of the properties: true for someone who is signed in already and wants to be asked again.</summary>
    public const string AskAgain = "ask-again";

    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        context.ProtocolMessage.RedirectUri = addresses.Origin + context.Options.CallbackPath;
        if (context.Properties.Items.Remove(AskAgain))
            context.ProtocolMessage.Prompt = OpenIdConnectPrompt.Login;
        return Task.CompletedTask;
    }

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        var told = context.ProtocolMessage.Iss;
        var provider = providers.OfScheme(context.Scheme.Name);
        if (!providers.IsTrusted(provider))
            context.Fail(new AuthenticationFailureException("the provider was taken out of the configuration"));
        else if (told is null ? await PromisesIssuerAsync(context) : told != provider.Options.Issuer)
            context.Fail(new AuthenticationFailureException(told is null ? "the answer names no issuer, though the provider promises it" : "the answer is of another issuer"));
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(context.SecurityToken.RawPayload)) as JsonObject ?? [];
        context.HttpContext.Features.Set(new UpstreamClaims(payload));
        return Task.CompletedTask;
    }

    public override Task UserInformationReceived(UserInformationReceivedContext context)
    {
        if (JsonNode.Parse(context.User.RootElement.GetRawText()) is JsonObject user)
            context.HttpContext.Features.GetRequiredFeature<UpstreamClaims>().Add(user);
        return Task.CompletedTask;
    }

    public override async Task TicketReceived(TicketReceivedContext context)
    {
        var signIn = providers.OfScheme(context.Scheme.Name);
        var (name, provider, _) = signIn;
        var claims = context.HttpContext.Features.GetRequiredFeature<UpstreamClaims>();
        context.HandleResponse();
        if (claims.FindSubject(provider.Claims) is not { } subject)
        {
            await notices.ShowAsync(context.HttpContext, name, provider, $"it told no subject in the claim {provider.Claims.Subject}", null);
            return;
        }

        var mapped = claims.Map(provider.Claims);
        if (signIn.TrustsEmail)
            mapped = mapped with { EmailVerified = mapped.Email is not null };
        if (ProviderAdmission.FindRefusal(provider, mapped) is { } refusal)
        {
            await notices.ShowAsync(context.HttpContext, name, provider, "the person does not meet its conditions", refusal);
            return;
        }

        var person = await persons.EnsureAsync(provider.Issuer, subject, mapped, context.HttpContext.RequestAborted);
        await session.SignInAsync(context.HttpContext, person, SignInKind.Oidc);
        context.Response.Redirect(ReturnUrl.ParseOrDefault(context.ReturnUri).Path);
    }

    public override async Task AccessDenied(AccessDeniedContext context)
    {
        var (name, provider, _) = providers.OfScheme(context.Scheme.Name);
        context.HandleResponse();
        await notices.ShowAsync(context.HttpContext, name, provider, "access_denied", "The sign-in was cancelled, or your provider does not let you in here.");
    }

    public override async Task RemoteFailure(RemoteFailureContext context)
    {
        var (name, provider, _) = providers.OfScheme(context.Scheme.Name);
        context.HandleResponse();
        await notices.ShowAsync(context.HttpContext, name, provider, context.Failure?.Message ?? "no reason is known", null);
    }

    private static async Task<bool> PromisesIssuerAsync(MessageReceivedContext context)
    {
        var metadata = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        return metadata.AuthorizationResponseIssParameterSupported;
    }
}
