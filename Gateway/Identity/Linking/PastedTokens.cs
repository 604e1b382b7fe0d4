using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>
/// Keeps a token that a person made at the provider and pasted, where <c>link.personalTokens</c> allows it, once its server was seen to take it. It goes
/// to that server alone, is not refreshed, and is never shown again. Thread-safe.
/// </summary>
internal sealed class PastedTokens(GuardedHttpClients clients, LinkedGrants grants, TimeProvider time)
{
    private const int MaxLength = 4_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Keeps a token.</summary>
    public async Task<PastedTokenResult> KeepAsync(PersonId person, BackendDefinition backend, string? pasted, CancellationToken cancellationToken)
    {
        if (!backend.Options.Link.PersonalTokens)
            return new PastedTokenResult.Refused("Tokens can't be pasted for this app.");
        var token = pasted?.Trim() ?? "";
        if (token.Length is 0 or > MaxLength || token.Any(c => c is <= ' ' or > '~'))
            return new PastedTokenResult.Refused("That is no token: copy it as a whole, in one line, and nothing else.");
        if (await FindRefusalAsync(backend, token, cancellationToken) is { } refusal)
            return new PastedTokenResult.Refused(refusal);
        var server = backend.ServerAddress;
        var grant = new Grant
        {
            AccessToken = token,
            Client = new GrantClient { ClientId = "pasted", TokenEndpoint = server, Resource = server.AbsoluteUri, OnLoopback = server.IsLoopback },
        };
        await grants.KeepAsync(new GrantKey(person, backend.Id), server.GetLeftPart(UriPartial.Authority), grant, new GrantTerms("", ExpiresAt: null));
        return new PastedTokenResult.Kept();
    }

    /// <summary>Why the server does not take the token; null when it does. A <c>ping</c> harms nothing, and its answer counts only as far as it is no refusal.</summary>
    private async Task<string?> FindRefusalAsync(BackendDefinition backend, string token, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, backend.ServerAddress)
            {
                Content = new StringContent("""{"jsonrpc":"2.0","id":0,"method":"ping"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.Accept.ParseAdd("text/event-stream");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await clients.For(backend.Options.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "The server does not take this token. Was it copied as a whole, and does it still count?",
                >= HttpStatusCode.InternalServerError => "The server has a problem at the moment, and the token could not be tried. Try again later.",
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "The server leads elsewhere, where the token must not go. Please tell the people who run this gateway.",
                _ => null,
            };
        }
        catch (HttpRequestException)
        {
            return "The server could not be reached, and the token could not be tried. Try again later.";
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return "The server did not answer in time, and the token could not be tried. Try again later.";
        }
    }
}
