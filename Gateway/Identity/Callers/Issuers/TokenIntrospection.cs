using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Outbound;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>
/// Asks one issuer whether a token counts (<see href="https://www.rfc-editor.org/rfc/rfc7662#section-2">RFC 7662</see>). Those who ask about the
/// same token meanwhile share one question, and those who come just behind them its answer; that a token does not count is remembered for
/// <see cref="RememberInactive"/>. Thread-safe.
/// </summary>
internal sealed partial class TokenIntrospection(
    IssuerOptions issuer, IntrospectionOptions options, GuardedHttpClients clients, TimeProvider time, ILogger<TokenIntrospection> logger)
{
    public static readonly TimeSpan RememberInactive = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RememberActive = TimeSpan.FromSeconds(1);

    private const int MaxAnswerBytes = 64 * 1024;
    private const int MaxRemembered = 10_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TokenHash, Lazy<Task<IntrospectionResult>>> _asking = new();
    private readonly ExpiringCache<TokenHash, IntrospectionResult> _answers = new(MaxRemembered, time);

    /// <summary>How long an answer counts.</summary>
    public TimeSpan CacheFor => options.CacheFor;

    /// <summary>True when tokens that are no JWTs are this issuer's.</summary>
    public bool IsForOpaqueTokens => options.OpaqueTokens;

    /// <summary>Asks about a token; the question goes on for others when <paramref name="cancellationToken"/> ends this one.</summary>
    public async Task<IntrospectionResult> AskAsync(string token, TokenHash hash, CancellationToken cancellationToken)
    {
        if (_answers.TryGet(hash, out var known))
            return known;
        var asking = _asking.GetOrAdd(hash, _ => new Lazy<Task<IntrospectionResult>>(() => AskAndForgetAsync(token, hash)));
        return await asking.Value.WaitAsync(cancellationToken);
    }

    private async Task<IntrospectionResult> AskAndForgetAsync(string token, TokenHash hash)
    {
        try
        {
            // Another may have had its answer since this one was looked for.
            if (_answers.TryGet(hash, out var known))
                return known;
            var result = await AskAsync(token);
            if (result is not IntrospectionResult.Unavailable)
                _answers.Set(hash, result, time.GetUtcNow() + (result is IntrospectionResult.Active ? RememberActive : RememberInactive));
            return result;
        }
        finally
        {
            _asking.TryRemove(hash, out _);
        }
    }

    private async Task<IntrospectionResult> AskAsync(string token)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        try
        {
            using var request = Question(token);
            var trust = issuer.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator;
            using var response = await clients.For(trust).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return NoAnswer($"it answered {(int)response.StatusCode}");
            return await response.Content.ReadBoundedAsync(MaxAnswerBytes, deadline.Token) is { } body
                ? Read(body)
                : NoAnswer($"its answer is larger than {MaxAnswerBytes} bytes");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return NoAnswer(exception.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return NoAnswer($"it did not answer within {Deadline.TotalSeconds:0} s");
        }
    }

    private HttpRequestMessage Question(string token)
    {
        var credentials = $"{Uri.EscapeDataString(options.ClientId)}:{Uri.EscapeDataString(options.ClientSecret?.Reveal() ?? "")}";
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("token", token), KeyValuePair.Create("token_type_hint", "access_token")]),
        };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return request;
    }

    private IntrospectionResult Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("active", out var active))
                return NoAnswer("its answer has no member 'active'");
            return active.ValueKind == JsonValueKind.True
                ? new IntrospectionResult.Active(TokenShape.ReadClaims(document.RootElement.GetRawText()))
                : IntrospectionResult.Inactive.Instance;
        }
        catch (Exception exception) when (exception is JsonException || TokenShape.IsMalformation(exception))
        {
            return NoAnswer("its answer is no JSON object of claims");
        }
    }

    private IntrospectionResult.Unavailable NoAnswer(string reason)
    {
        Log.NoAnswer(logger, issuer.Issuer, reason);
        return IntrospectionResult.Unavailable.Instance;
    }

    private static partial class Log
    {
        [LoggerMessage(3003, LogLevel.Warning, "Issuer {Issuer}: a token could not be introspected: {Reason}. It is answered with 503", EventName = "issuer.introspection.failed")]
        public static partial void NoAnswer(ILogger logger, string issuer, string reason);
    }
}
