using Cortex.Identity.Credentials;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Credentials;

/// <summary>What never leaves the gateway, and what does.</summary>
internal sealed class InboundHeadersTests
{
    private static readonly string[] Stripped =
    [
        "Authorization", "authorization", "Proxy-Authorization", "Cookie", "X-Cortex-User-Id", "x-cortex-anything", "X-Forwarded-For",
        "X-FORWARDED-HOST", "Forwarded", "X_Cortex_User_Id", "x-forwarded_for",
    ];

    private static readonly string[] Kept = ["Accept", "Mcp-Protocol-Version", "Traceparent", "X-Request-Id", "X-Cortexual", "Last-Event-ID"];

    [TestCaseSource(nameof(Stripped))]
    public void Header_of_the_caller_is_stripped_from_what_goes_out(string name)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation(name, ["one", "two \u00e9"]);
        var inbound = new HeaderDictionary { [name] = "one" };

        InboundHeaders.Strip(request.Headers);
        InboundHeaders.Strip(inbound);

        Assert.That(request.Headers.NonValidated, Is.Empty);
        Assert.That(inbound, Is.Empty);
    }

    [TestCaseSource(nameof(Kept))]
    public void Other_header_is_kept(string name)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation(name, "value");
        var inbound = new HeaderDictionary { [name] = "value" };

        InboundHeaders.Strip(request.Headers);
        InboundHeaders.Strip(inbound);

        Assert.That(request.Headers.NonValidated.Contains(name), Is.True);
        Assert.That(inbound.ContainsKey(name), Is.True);
    }
}
