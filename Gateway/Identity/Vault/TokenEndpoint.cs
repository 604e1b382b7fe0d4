using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Outbound;

namespace Cortex.Identity.Vault;

/// <summary>
/// Asks a provider's token endpoint (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749</see>) as the client of a grant, and its
/// revocation endpoint (<see href="https://www.rfc-editor.org/rfc/rfc7009#section-2">RFC 7009</see>). Its addresses were met at run time, and are
/// followed as such. Thread-safe.
/// </summary>
internal sealed class TokenEndpoint(GuardedHttpClients clients, TimeProvider time)
{
    /// <summary>How long one question may take.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(6);

    private const int MaxAnswerBytes = 64 * 1024;
    private const int MaxErrorLength = 64;

    /// <summary>Asks for tokens; <paramref name="form"/> says by what.</summary>
    public Task<TokenResult> AskAsync(GrantClient client, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancellationToken) =>
        AskAsync(client, form, TrustIn(client), cancellationToken);

    /// <summary>As above, at an address that came by another way than discovery.</summary>
    public async Task<TokenResult> AskAsync(
        GrantClient client, IEnumerable<KeyValuePair<string, string>> form, OutboundTrust trust, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (client.Resource is { } resource)
                form = form.Append(KeyValuePair.Create("resource", resource));
            using var request = Request(client, client.TokenEndpoint, form);
            using var response = await clients.For(trust).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await response.Content.ReadBoundedAsync(MaxAnswerBytes, either.Token) is { } body
                ? Read(response.StatusCode, body)
                : new TokenResult.NoAnswer($"its answer is larger than {MaxAnswerBytes} bytes", MayHaveActed: true);
        }
        catch (HttpRequestException exception)
        {
            return new TokenResult.NoAnswer(exception.Message, exception.HttpRequestError is not (
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError));
        }
        catch (IOException exception)
        {
            return new TokenResult.NoAnswer(exception.Message, MayHaveActed: true);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new TokenResult.NoAnswer($"it did not answer within {Deadline.TotalSeconds:0} s", MayHaveActed: true);
        }
    }

    /// <summary>Takes a grant back at the provider; false when it has no such endpoint or did not say that it did.</summary>
    public async Task<bool> RevokeAsync(Grant grant, CancellationToken cancellationToken)
    {
        if (grant.Client.RevocationEndpoint is not { } endpoint)
            return false;
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = Request(grant.Client, endpoint, [
                KeyValuePair.Create("token", grant.RefreshToken ?? grant.AccessToken),
                KeyValuePair.Create("token_type_hint", grant.RefreshToken is null ? "access_token" : "refresh_token"),
            ]);
            using var response = await clients.For(TrustIn(grant.Client)).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return false;
        }
    }

    private static HttpRequestMessage Request(GrantClient client, Uri endpoint, IEnumerable<KeyValuePair<string, string>> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        switch (client.Authentication)
        {
            case ClientAuthentication.SecretBasic:
                // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
                var credentials = $"{WebUtility.UrlEncode(client.ClientId)}:{WebUtility.UrlEncode(client.ClientSecret)}";
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
                break;
            case ClientAuthentication.SecretPost:
                form = form.Append(KeyValuePair.Create("client_id", client.ClientId)).Append(KeyValuePair.Create("client_secret", client.ClientSecret ?? ""));
                break;
            default:
                form = form.Append(KeyValuePair.Create("client_id", client.ClientId));
                break;
        }

        request.Headers.Accept.ParseAdd("application/json");
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private static string? ReadText(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>An error code as the RFC allows it, for a log or a page.</summary>
    internal static bool IsError(string text) => text.Length is > 0 and <= MaxErrorLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static OutboundTrust TrustIn(GrantClient client) => client.OnLoopback ? OutboundTrust.DiscoveredOnLoopback : OutboundTrust.Discovered;

    private TokenResult Read(HttpStatusCode status, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var answer = document.RootElement;
            if (answer.ValueKind == JsonValueKind.Object)
            {
                if (status == HttpStatusCode.OK && ReadTokens(answer) is { } received)
                    return received;
                if ((int)status is >= 400 and < 500 and not 429 && ReadText(answer, "error") is { } error && IsError(error))
                    return new TokenResult.Refused(error);
            }
        }
        catch (JsonException)
        {
            // Falls through to the same answer as JSON that says nothing.
        }

        return new TokenResult.NoAnswer($"it answered {(int)status} without tokens or an error", MayHaveActed: status == HttpStatusCode.OK || (int)status >= 500);
    }

    private TokenResult.Received? ReadTokens(JsonElement answer)
    {
        if (ReadText(answer, "access_token") is not { } token || token.Any(c => c is <= ' ' or > '~')
            || !string.Equals(ReadText(answer, "token_type"), "Bearer", StringComparison.OrdinalIgnoreCase))
            return null;
        DateTimeOffset? expiresAt = answer.TryGetProperty("expires_in", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetDouble(out var life)
            ? time.GetUtcNow().AddSeconds(Math.Clamp(life, 0, TimeSpan.FromDays(3650).TotalSeconds))
            : null;
        return new TokenResult.Received(token, ReadText(answer, "refresh_token"), expiresAt, ReadText(answer, "scope"));
    }
}
