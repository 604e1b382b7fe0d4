using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>The swap, seen from a backend: the minted token arrived, and nothing of the caller's.</summary>
internal static class MintedToken
{
    /// <summary>Fails the test unless <paramref name="call"/> carries a token minted for <paramref name="audience"/> and none of the caller's.</summary>
    public static void AssertArrived(CapturedRequest call, string gatewayUrl, string audience, string scope, string? callersToken)
    {
        var token = call.Token;
        Assert.That(token, Is.Not.Null, "A JWT must arrive.");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Bearer, Is.Not.EqualTo(callersToken));
            Assert.That(token!.Typ, Is.EqualTo("at+jwt"));
            Assert.That(token.Alg, Is.EqualTo("ES256"));
            Assert.That(token.Issuer, Is.EqualTo(gatewayUrl + "/identity"));
            Assert.That(token.Audiences, Is.EqualTo([audience]));
            Assert.That(token.Subject, Does.StartWith("p_"));
            Assert.That(token.GetPayloadValue<string>("scope").Split(' '), Does.Contain(scope));
            Assert.That(token.ValidTo - token.IssuedAt, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(call.Header("Cookie"), Is.Null);
            if (callersToken is not null)
            {
                Assert.That(call.Headers.Values, Has.None.Contains(callersToken));
                Assert.That(call.Body, Does.Not.Contain(callersToken));
            }
        }
    }

    /// <summary>As <see cref="AssertArrived"/>, and the headers that contract backends get beside the token agree with it.</summary>
    public static void AssertArrivedWithHeaders(CapturedRequest call, string gatewayUrl, string audience, string scope, string? callersToken)
    {
        AssertArrived(call, gatewayUrl, audience, scope, callersToken);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Header("X-Cortex-User-Id"), Is.EqualTo(call.Token!.Subject));
            Assert.That(call.Header("X-Cortex-Scopes"), Is.EqualTo(call.Token.GetPayloadValue<string>("scope")));
        }
    }
}
