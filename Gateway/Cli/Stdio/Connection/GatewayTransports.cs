using Cortex.Cli.Stdio.SignIn;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio.Connection;

/// <summary>Makes connections by the SDK's Streamable HTTP transport, with the token that was given or with the SDK's OAuth client.</summary>
internal sealed class GatewayTransports : IAsyncDisposable
{
    /// <summary>How often a stream that broke is asked for again, a second apart: longer than a gateway takes to restart.</summary>
    private const int Reconnections = 60;

    private readonly SignInFile _kept;
    private readonly HttpClient _http;
    private readonly ILoggerFactory _loggers;
    private HttpClientTransport _factory;

    public GatewayTransports(StdioOptions options, SignInFile kept, TextWriter error, TimeProvider time, ILoggerFactory loggers)
    {
        (Options, _kept, _loggers) = (options, kept, loggers);
        SignIn = new BrowserSignIn(new Browser(error), time);
        _http = new HttpClient(Handlers(options, kept, time)) { Timeout = Timeout.InfiniteTimeSpan };
        _factory = Make();
    }

    public StdioOptions Options { get; }

    /// <summary>The sign-in that may be under way.</summary>
    public BrowserSignIn SignIn { get; }

    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken) => _factory.ConnectAsync(cancellationToken);

    /// <summary>Forgets who the bridge is at the authorization server, which does not know it any more.</summary>
    public async Task RegisterAnewAsync()
    {
        _kept.Drop();
        await _factory.DisposeAsync();
        _factory = Make();
    }

    public async ValueTask DisposeAsync()
    {
        SignIn.Close();
        await _factory.DisposeAsync();
        _http.Dispose();
    }

    private static PlaintextGuard Handlers(StdioOptions options, SignInFile kept, TimeProvider time)
    {
        // Proxies as the environment says, since this runs where people work.
        var sockets = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30) };
        var refresh = new SharedRefresh(kept, time) { InnerHandler = sockets };
        var answers = new RefusedAnswers(keepsChallenges: options.Token is null) { InnerHandler = refresh };
        HttpMessageHandler outer = options.Token is { } token ? new FixedTokenHandler(token) { InnerHandler = answers } : answers;
        return new PlaintextGuard(options) { InnerHandler = outer };
    }

    private HttpClientTransport Make() => new(
        new HttpClientTransportOptions
        {
            Endpoint = Options.Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            MaxReconnectionAttempts = Reconnections,
            OAuth = Options.Token is null ? OAuth() : null,
        },
        _http,
        _loggers);

    private ClientOAuthOptions OAuth()
    {
        var isDocument = Options.ClientId is { } id && id.StartsWith("https://", StringComparison.Ordinal);
        return new ClientOAuthOptions
        {
            RedirectUri = LoopbackRedirect.Choose(Options.RedirectPort ?? _kept.Read()?.RedirectPort),
            ClientId = isDocument ? null : Options.ClientId,
            ClientMetadataDocumentUri = isDocument ? new Uri(Options.ClientId!) : null,
            DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "Cortex stdio bridge" },
            AuthorizationCallbackHandler = SignInAsync,
            TokenCache = _kept,
        };
    }

    private async Task<AuthorizationResult?> SignInAsync(AuthorizationCallbackContext context, CancellationToken cancellationToken)
    {
        if (_kept.IsClientGone)
            throw new RegistrationGoneException();
        var result = await SignIn.RunAsync(context, cancellationToken);
        _kept.RedirectPort = context.RedirectUri.Port;
        return result;
    }
}
