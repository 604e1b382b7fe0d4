using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>
/// Lets one bridge at a time redeem a refresh token, since it counts once: using it twice looks like theft and ends the sign-in. Who comes second is given what the first one got.
/// </summary>
internal sealed class SharedRefresh(SignInFile kept, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not FormUrlEncodedContent content)
            return await base.SendAsync(request, cancellationToken);
        var form = QueryHelpers.ParseQuery(await content.ReadAsStringAsync(cancellationToken));
        if (form["grant_type"] != "refresh_token")
            return await base.SendAsync(request, cancellationToken);

        using var held = await kept.LockAsync(cancellationToken);
        var now = kept.Read();
        if (now is not null && now.RefreshToken != form["refresh_token"] && SecondsLeft(now) is not <= 0)
            return Answer(now, SecondsLeft(now), request);
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var answer = Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        kept.IsClientGone = answer.Member("error").Text() is "invalid_client";
        if (response.IsSuccessStatusCode && now is not null && answer.Member("access_token").Text() is { } accessToken)
            kept.Write(Renew(now, accessToken, answer));
        return response;
    }

    private KeptSignIn Renew(KeptSignIn before, string accessToken, JsonNode? answer) => before with
    {
        AccessToken = accessToken,
        RefreshToken = answer.Member("refresh_token").Text() ?? before.RefreshToken,
        ObtainedAt = time.GetUtcNow(),
        ExpiresIn = answer.Member("expires_in") is JsonValue value && value.TryGetValue<int>(out var seconds) ? seconds : null,
        Scope = answer.Member("scope").Text() ?? before.Scope,
    };

    private int? SecondsLeft(KeptSignIn signIn) => signIn.ExpiresIn is { } seconds ? (int)(signIn.ObtainedAt.AddSeconds(seconds) - time.GetUtcNow()).TotalSeconds : null;

    private static HttpResponseMessage Answer(KeptSignIn signIn, int? secondsLeft, HttpRequestMessage request) => new(HttpStatusCode.OK)
    {
        RequestMessage = request,
        Content = JsonContent.Create(new JsonObject
        {
            ["access_token"] = signIn.AccessToken,
            ["refresh_token"] = signIn.RefreshToken,
            ["token_type"] = "Bearer",
            ["expires_in"] = secondsLeft,
            ["scope"] = signIn.Scope,
        }),
    };

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // Not an answer of a token endpoint; the SDK says so.
            return null;
        }
    }
}
