using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.AuthorizationServer.Storage;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>OpenIddict as this gateway uses it: code flow with PKCE S256, machines on their own behalf, rotating refresh tokens, readable ES256 access tokens.</summary>
internal static class ServerSetup
{
    public static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Some clients have people carry the code over by hand.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Counted anew with every refresh.</summary>
    public static readonly TimeSpan RefreshTokenLifetime = TimeSpan.FromDays(14);

    /// <param name="plaintext">True only when the public address is plain http on loopback.</param>
    /// <param name="reuseLeeway">For so long a refresh token may be used again, for the same answer.</param>
    public static void AddServer(IServiceCollection services, bool plaintext, TimeSpan reuseLeeway)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<AuthorizationDbContext>())
            .AddServer(server =>
            {
                SetEndpoints(server);
                SetFlows(server);
                SetTokens(server, reuseLeeway);
                AddHandlers(server);
                var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough();
                if (plaintext)
                    host.DisableTransportSecurityRequirement();
            });
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider => provider.GetRequiredService<ServerKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(provider => provider.GetRequiredService<ServerKeys>());
    }

    private static void SetEndpoints(OpenIddictServerBuilder server) => server
        .SetAuthorizationEndpointUris(ServerPaths.Authorize)
        .SetTokenEndpointUris(ServerPaths.Token)
        .SetRevocationEndpointUris(ServerPaths.Revoke)
        .SetIntrospectionEndpointUris(ServerPaths.Introspect)
        .SetConfigurationEndpointUris(ServerPaths.Metadata, ServerPaths.OpenIdMetadata)
        .SetJsonWebKeySetEndpointUris(ServerPaths.KeySet);

    // Scopes and resources come and go with the catalog and the configuration: own handlers check them, and every client may ask for all.
    private static void SetFlows(OpenIddictServerBuilder server) => server
        .AllowAuthorizationCodeFlow()
        .AllowRefreshTokenFlow()
        .AllowClientCredentialsFlow()
        .RequireProofKeyForCodeExchange()
        .DisableScopeValidation()
        .DisableResourceValidation()
        .IgnoreScopePermissions()
        .IgnoreResourcePermissions()
        .IgnoreEndpointPermissions()
        .Configure(options =>
        {
            options.CodeChallengeMethods.Remove(OpenIddictConstants.CodeChallengeMethods.Plain);
            options.ResponseModes.IntersectWith([OpenIddictConstants.ResponseModes.Query]);
        });

    private static void SetTokens(OpenIddictServerBuilder server, TimeSpan reuseLeeway) => server
        .DisableAccessTokenEncryption()
        .UseReferenceRefreshTokens()
        .SetAccessTokenLifetime(AccessTokenLifetime)
        .SetAuthorizationCodeLifetime(CodeLifetime)
        .SetRefreshTokenLifetime(RefreshTokenLifetime)
        .SetRefreshTokenReuseLeeway(reuseLeeway);

    private static void AddHandlers(OpenIddictServerBuilder server)
    {
        server.RemoveEventHandler(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor);
        server.AddEventHandler(DetectReplay.Descriptor);
        server.AddEventHandler(FinishRedemption.Descriptor);
        server.AddEventHandler(RevokePresented.Descriptor);
        server.AddEventHandler(RefusePublicIntrospection.Descriptor);
        server.AddEventHandler(AcceptAssertion.Descriptor);
        server.AddEventHandler(CheckAssertionAudience.Descriptor);
        server.AddEventHandler(RefuseAssertionReplay.Descriptor);
        server.AddEventHandler(RefuseDisabledClient.Descriptor);
        server.AddEventHandler(ResolveClientDocument.Descriptor);
        server.AddEventHandler(NoteClientUse.Descriptor);
        server.AddEventHandler(CheckScopes.Descriptor);
        server.AddEventHandler(CheckResource.Descriptor);
        server.AddEventHandler(LimitToPlan.Descriptor);
        server.AddEventHandler(CheckTokenResource.Descriptor);
        server.AddEventHandler(DescribeServer.Descriptor);
        server.AddEventHandler(RedirectErrors.Descriptor);
        server.AddEventHandler(AuditTokens.Descriptor);
    }
}
