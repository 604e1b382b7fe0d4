using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Vault;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Linking.Clients;

/// <summary>Registers the gateway at a provider (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-3">RFC 7591, section 3</see>). Thread-safe.</summary>
internal sealed class ProviderRegistration(GuardedHttpClients clients, GatewayAddresses addresses, IOptionsMonitor<GatewayOptions> gateway, TimeProvider time)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private const int MaxAnswerBytes = 64 * 1024;
    private const int MaxTextLength = 2_000;

    /// <summary>Registers a client with one redirect URI.</summary>
    public async Task<RegistrationOutcome> RegisterAsync(LinkProvider provider, string redirectUri, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var wished = TokenAuthentication.Wish(provider);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, provider.RegistrationEndpoint) { Content = Write(redirectUri, wished) };
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await clients.For(provider.Trust).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (await response.Content.ReadBoundedAsync(MaxAnswerBytes, either.Token) is not { } body || !ProviderDocument.TryParse(body, out var answer))
                return new RegistrationOutcome.Failed($"it answered {(int)response.StatusCode} without a client");
            return response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK
                ? Read(answer, wished)
                : new RegistrationOutcome.Failed($"it answered {(int)response.StatusCode}{ErrorOf(answer)}");
        }
        catch (HttpRequestException exception)
        {
            return new RegistrationOutcome.Failed(exception.Message);
        }
        catch (IOException exception)
        {
            return new RegistrationOutcome.Failed(exception.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new RegistrationOutcome.Failed($"it did not answer within {Deadline.TotalSeconds:0} s");
        }
    }

    private static RegistrationOutcome Read(ProviderDocument answer, string wished)
    {
        if (answer.Text("client_id") is not { } clientId || !IsVisible(clientId))
            return new RegistrationOutcome.Failed("its answer names no client");
        var secret = answer.Text("client_secret");
        if (TokenAuthentication.Parse(answer.Text("token_endpoint_auth_method") ?? wished) is not { } authentication)
            return new RegistrationOutcome.Failed("it wants the client to show who it is in a way that the gateway does not have");
        if (authentication == ClientAuthentication.None)
            secret = null;
        else if (secret is null || !IsVisible(secret))
            return new RegistrationOutcome.Failed("its answer holds no secret for the client");
        var ends = answer.Seconds("client_secret_expires_at") is > 0 and var seconds && secret is not null ? seconds * 1000 : (long?)null;
        return new RegistrationOutcome.Registered(new RegisteredClient(clientId, secret, authentication, ends));
    }

    private static bool IsVisible(string text) => text.Length <= MaxTextLength && text.All(c => c is >= ' ' and <= '~');

    private static string ErrorOf(ProviderDocument answer) => answer.Text("error") is { } error && TokenEndpoint.IsError(error) ? $" ({error})" : "";

    private ByteArrayContent Write(string redirectUri, string authentication)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            ClientDocument.WriteMetadata(json, gateway.CurrentValue.Name, addresses.Origin, [redirectUri], authentication);
            json.WriteEndObject();
        }

        return new ByteArrayContent(buffer.WrittenSpan.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
